import { parseIpv4 } from '../../vips/ipv4.js';
import type { Finding } from '../text/finding.js';
import { isIpv6 } from '../text/networks.js';
import { isOpaque, type ExternalServiceSpec, type Resolution } from './external-service.js';

/** A finding at a field of a spec. */
export interface FieldFinding extends Finding {
  path: (string | number)[];
}

type Spec = Pick<ExternalServiceSpec, 'hosts' | 'addresses' | 'ports' | 'resolution' | 'endpoints' | 'tls' | 'via'>;

/** Workloads encrypt these themselves, or agree on encryption inside of the protocol: a proxy must not encrypt once more. */
const NOT_FOR_ORIGINATION: ReadonlySet<string> = new Set(['HTTPS', 'TLS', 'MYSQL', 'POSTGRESQL']);

const isIp = (text: string) => parseIpv4(text) !== undefined || isIpv6(text);
const isWildcard = (host: string) => host.startsWith('*.');

/** How addresses are found, where the spec does not say. */
export function resolutionOf({
  hosts,
  resolution,
  endpoints = [],
}: Pick<Spec, 'hosts' | 'resolution' | 'endpoints'>): Resolution {
  if (resolution !== undefined) return resolution;
  if (endpoints.length > 0) return endpoints.every(({ address }) => isIp(address)) ? 'STATIC' : 'DNS';
  return hosts.some(isWildcard) ? 'NONE' : 'DNS';
}

/** Ports on which the proxy encrypts. */
export function originationPorts({ ports, tls }: Pick<Spec, 'ports' | 'tls'>): number[] {
  if (tls === undefined) return [];
  const able = ports.filter(({ protocol }) => !NOT_FOR_ORIGINATION.has(protocol)).map(({ number }) => number);
  return tls.ports === undefined ? able : [...new Set(tls.ports)];
}

function portFaults({ ports }: Spec): FieldFinding[] {
  const seen = new Map<number, number>();
  return ports.flatMap(({ number }, index) => {
    const first = seen.get(number);
    if (first === undefined) seen.set(number, index);
    const message = `port ${number} is also port ${first ?? index} of the list`;
    return first === undefined ? [] : [{ code: 'ISM0917', message, path: ['ports', index, 'number'] }];
  });
}

function resolutionFault(spec: Spec): string | undefined {
  const { hosts, endpoints = [] } = spec;
  const found = resolutionOf(spec);
  if (found === 'NONE')
    return endpoints.length === 0 ? undefined : 'resolution NONE goes where the workload called: endpoints have no use';
  if (found === 'STATIC' && (endpoints.length === 0 || endpoints.some(({ address }) => !isIp(address))))
    return 'resolution STATIC needs endpoints that are IP addresses';
  if (hosts.some(isWildcard) && endpoints.length === 0)
    return 'a wildcard cannot be resolved: leave resolution out, or name endpoints';
  return undefined;
}

function resolutionFaults(spec: Spec): FieldFinding[] {
  const message = resolutionFault(spec);
  const derived = (spec.endpoints ?? []).length > 0 ? 'endpoints' : 'hosts';
  const path = [spec.resolution === undefined ? derived : 'resolution'];
  return message === undefined ? [] : [{ code: 'ISM0920', message, path }];
}

/** Without address such a port would let every connection on it out, wherever it goes. */
function openPortFaults(spec: Spec): FieldFinding[] {
  if (resolutionOf(spec) !== 'NONE' || (spec.addresses ?? []).length > 0) return [];
  return spec.ports.flatMap(({ protocol, number }, index): FieldFinding[] => {
    if (!isOpaque(protocol)) return [];
    const message = `${protocol} names no host, so port ${number} would be open to every address: name addresses`;
    return [{ code: 'ISM0920', message, path: ['ports', index] }];
  });
}

/** What meshes take in one object (Istio's schema). */
const LONGEST = { hosts: 256, addresses: 256, ports: 256, endpoints: 4096 } as const;

function sizeFaults(spec: Spec): FieldFinding[] {
  return Object.entries(LONGEST).flatMap(([field, most]): FieldFinding[] => {
    const { length } = spec[field as keyof typeof LONGEST] ?? [];
    const message = `one external service has at most ${most} ${field}, not ${length}`;
    return length <= most ? [] : [{ code: 'ISM0923', message, path: [field] }];
  });
}

function endpointPortFaults({ ports, endpoints = [] }: Spec): FieldFinding[] {
  if (ports.length === 1) return [];
  const message = 'the service has several ports, so an endpoint cannot have one';
  return endpoints.flatMap(({ port }, index) =>
    port === undefined ? [] : [{ code: 'ISM0920' as const, message, path: ['endpoints', index, 'port'] }],
  );
}

type Tls = NonNullable<Spec['tls']>;

function namedPortFaults({ ports }: Spec, tls: Tls): FieldFinding[] {
  const known = new Map(ports.map(({ number, protocol }) => [number, protocol]));
  return (tls.ports ?? []).flatMap((number, index): FieldFinding[] => {
    const protocol = known.get(number);
    const path = ['tls', 'ports', index];
    if (protocol === undefined) return [{ code: 'ISM0918', message: `port ${number} is none of the service`, path }];
    if (!NOT_FOR_ORIGINATION.has(protocol)) return [];
    const message = `${protocol} on port ${number} is encrypted by the workload, not by its proxy`;
    return [{ code: 'ISM0918', message, path }];
  });
}

function plaintextFaults(spec: Spec): FieldFinding[] {
  const encrypted = new Set(originationPorts(spec));
  return spec.ports.flatMap(({ number, targetPort }, index): FieldFinding[] => {
    if (!encrypted.has(number) || (targetPort ?? number) !== 80) return [];
    const message = 'TLS would be spoken to port 80 of the server, which takes plain text';
    return [{ code: 'ISM0918', message, hint: 'set targetPort: 443', path: ['ports', index] }];
  });
}

function tlsFaults(spec: Spec): FieldFinding[] {
  const { tls } = spec;
  if (tls === undefined) return [];
  const fault = (isThere: boolean, message: string, path: string[]): FieldFinding[] =>
    isThere ? [{ code: 'ISM0918', message, path }] : [];
  return [
    ...namedPortFaults(spec, tls),
    ...plaintextFaults(spec),
    ...fault(originationPorts(spec).length === 0, 'workloads encrypt every port themselves: nothing is left to do', [
      'tls',
    ]),
    ...fault(
      (resolutionOf(spec) === 'NONE' || spec.hosts.some(isWildcard)) && tls.sni === undefined,
      'with a wildcard or resolution NONE the name in the handshake must be given as sni',
      ['tls'],
    ),
    ...fault(tls.mode === 'MUTUAL' && tls.credential === undefined, 'mode MUTUAL needs a credential', ['tls', 'mode']),
  ];
}

/** Hosts of one external service, times its ports, that a gateway may tell apart. */
const MOST_PASSAGES = 256;

/** A gateway calls servers that it knows, not the address that the workload dialled. */
function gatewayFaults(spec: Spec): FieldFinding[] {
  const { via, hosts, ports } = spec;
  if (via === undefined) return [];
  const count = hosts.length * ports.length;
  const tooMany = `through a gateway, hosts times ports are at most ${MOST_PASSAGES}, not ${count}`;
  const unknown =
    'a gateway cannot call the address that the workload called: name endpoints, or hosts without wildcard';
  return [
    ...(count <= MOST_PASSAGES ? [] : [{ code: 'ISM0923' as const, message: tooMany, path: ['via'] }]),
    ...(resolutionOf(spec) !== 'NONE' ? [] : [{ code: 'ISM0927' as const, message: unknown, path: ['via'] }]),
  ];
}

/** What fields of one external service say against each other. */
export function externalFaults(spec: Spec): FieldFinding[] {
  return [
    ...sizeFaults(spec),
    ...portFaults(spec),
    ...resolutionFaults(spec),
    ...openPortFaults(spec),
    ...endpointPortFaults(spec),
    ...tlsFaults(spec),
    ...gatewayFaults(spec),
  ];
}
