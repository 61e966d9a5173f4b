import { issue, sha256Hex, type EgressGateway, type ExternalEntry, type Issue, type LocalFacts } from '@isthmus/domain';
import type { RenderedObject, RenderResult } from '../../renderer.js';
import { externalName, externalPort } from './external-entry.js';
import { outsideEndpoint, outsideRules } from './external-rules.js';
import { labelsOf } from './labels-of.js';
import { ownedObject } from './owned-object.js';
import type { Scene } from './scene.js';

/** Where a gateway takes in what goes out, unless the policy says otherwise. */
const GATEWAY_PORT = 15_444;

/** A host outside that is called through a gateway. */
export interface GatewayCall extends Pick<ExternalEntry, 'ports' | 'addresses' | 'endpoints' | 'resolution' | 'tls'> {
  host: string;
  via: EgressGateway;
  /** Namespaces whose workloads may call; sorted. */
  callers: readonly string[];
  /** Who asks for it. */
  policy: { kind: string; project: string; name: string };
}

interface Passage extends GatewayCall {
  /** The host as the gateway alone knows it: its servers lie in no pool with those of others. */
  outHost: string;
}

/** The name by which the gateway tells the connections for one port: every caller shows it in the handshake. */
const passName = ({ outHost }: Passage, number: number): string => `p${number}.${outHost}`;

function passageOf({ gns }: Scene, call: GatewayCall): Passage {
  const { kind, project, name } = call.policy;
  const identity = [gns.project, gns.name, kind, project, name, call.host].join('\n');
  return { ...call, outHost: `out-${sha256Hex(identity).slice(0, 16)}.isthmus.invalid` };
}

/** Callers see the pods of the gateway under the name of the host, and nothing else: there is no direct way that they could take. */
function callerObjects(scene: Scene, passage: Passage): RenderedObject[] {
  const { host, via, ports, addresses, callers } = passage;
  const shared = { side: 'client', namespace: via.namespace, name: externalName(scene, host, ['via', host]) } as const;
  const portLevelSettings = ports.map(({ number }) => ({
    port: { number },
    tls: { mode: 'ISTIO_MUTUAL', sni: passName(passage, number) },
  }));
  const entry = {
    hosts: [host],
    ...(addresses === undefined ? {} : { addresses }),
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    exportTo: callers,
    workloadSelector: { labels: labelsOf(via.selector) },
    ports: ports.map((port) => externalPort({ ...port, targetPort: via.port ?? GATEWAY_PORT })),
  };
  return [
    ownedObject(scene, {
      ...shared,
      kind: 'DestinationRule',
      spec: { host, exportTo: callers, trafficPolicy: { portLevelSettings } },
    }),
    ownedObject(scene, { ...shared, kind: 'ServiceEntry', spec: entry }),
  ];
}

/** What the gateway takes in: mutual TLS of the mesh, a listener of its own for each port, which is passed on as bytes. */
function wayIn(scene: Scene, passage: Passage, gateway: string): RenderedObject[] {
  const { via, ports, host, outHost } = passage;
  const listen = via.port ?? GATEWAY_PORT;
  const servers = ports.map(({ number }) => ({
    port: { number: listen, name: `tls-${listen}-for-${number}`, protocol: 'TLS' },
    tls: { mode: 'ISTIO_MUTUAL' },
    hosts: [`./${passName(passage, number)}`],
  }));
  const routes = ports.map(({ number }) => ({
    name: externalName(scene, host, ['out', outHost, String(number)]),
    spec: {
      hosts: [passName(passage, number)],
      exportTo: ['.'],
      gateways: [gateway],
      tcp: [{ route: [{ destination: { host: outHost, port: { number } } }] }],
    },
  }));
  const shared = { side: 'owner', namespace: via.namespace } as const;
  return [
    ...routes.map((route) => ownedObject(scene, { ...shared, kind: 'VirtualService', ...route })),
    ownedObject(scene, {
      ...shared,
      kind: 'Gateway',
      name: gateway,
      spec: { selector: labelsOf(via.selector), servers },
    }),
  ];
}

type Protocol = ExternalEntry['ports'][number]['protocol'];

/**
 * Bytes to the gateway, whatever is written; but HTTP/2 must be asked for in a handshake, and a port of TCP without an address would
 * listen for everything in proxies beside the gateway.
 */
function outProtocol(protocol: Protocol): Protocol {
  if (protocol === 'HTTP') return 'HTTP';
  return protocol === 'HTTP2' || protocol === 'GRPC' ? 'HTTP2' : 'TLS';
}

/** Where the gateway passes it on to; it alone sees that. */
function wayOut(scene: Scene, passage: Passage): RenderedObject[] {
  const { host, outHost, via, resolution } = passage;
  const shared = {
    side: 'owner',
    namespace: via.namespace,
    name: externalName(scene, host, ['out', outHost]),
  } as const;
  const ports = passage.ports.map((port) => ({ ...port, protocol: outProtocol(port.protocol) }));
  const outside = { ...passage, ports };
  const entry = {
    hosts: [outHost],
    location: 'MESH_EXTERNAL',
    resolution,
    exportTo: ['.'],
    ports: outside.ports.map(externalPort),
    endpoints: (passage.endpoints ?? [{ address: host }]).map((one) => outsideEndpoint(outside, one)),
  };
  const trafficPolicy = outsideRules(outside, host);
  const rule = { host: outHost, exportTo: ['.'], trafficPolicy };
  return [
    ...(trafficPolicy === undefined ? [] : [ownedObject(scene, { ...shared, kind: 'DestinationRule', spec: rule })]),
    ownedObject(scene, { ...shared, kind: 'ServiceEntry', spec: entry }),
  ];
}

/** Without the gateway's namespace nobody gets out: a host that the mesh did not know could be called directly. */
function closed(scene: Scene, { host, addresses, ports, callers }: Passage): RenderedObject[] {
  const spec = {
    hosts: [host],
    ...(addresses === undefined ? {} : { addresses }),
    location: 'MESH_EXTERNAL',
    resolution: 'STATIC',
    exportTo: ['.'],
    ports: ports.map(({ number, protocol }) => externalPort({ number, protocol })),
  };
  const name = externalName(scene, host, ['closed', host]);
  return callers.map((namespace) =>
    ownedObject(scene, { side: 'client', kind: 'ServiceEntry', namespace, name, spec }),
  );
}

function missing({ self }: Scene, { via, policy }: GatewayCall): Issue {
  const { kind, project, name } = policy;
  const message = `cluster ${self.name} has no namespace ${via.namespace}, so nothing gets out through its gateway`;
  return issue('ISM0926', { resource: { kind, project, name }, cluster: self.name, path: 'spec.via', message });
}

/**
 * The way through an egress gateway for each host: sidecar → mutual TLS → gateway → outside. Protocols do not matter to the gateway,
 * which passes on bytes; sidecars still see requests. Side `owner` comes first, so that the gateway is ready before its callers.
 */
export function throughGateway(scene: Scene, local: LocalFacts, calls: readonly GatewayCall[]): RenderResult {
  const [first] = calls;
  if (first === undefined) return { objects: [], issues: [] };
  const passages = calls.map((call) => passageOf(scene, call));
  if (!local.namespaces.some(({ name }) => name === first.via.namespace))
    return { objects: passages.flatMap((passage) => closed(scene, passage)), issues: [missing(scene, first)] };
  const objects = passages.flatMap((passage) => [
    ...wayOut(scene, passage),
    ...wayIn(scene, passage, externalName(scene, passage.host, ['gateway', passage.outHost])),
    ...callerObjects(scene, passage),
  ]);
  return { objects, issues: [] };
}
