import type { PathStep } from '../issues/field-path.js';
import type { ManifestReader } from './manifest-fields.js';
import type { DiscoveredGateway, InventoryService, InventoryServicePort } from './types.js';

const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const;
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

/** The port through which meshes of other clusters come, unless the gateway's service says otherwise. */
const EAST_WEST_PORT = 15_443;

/** The Service, or undefined with its issues if Kubernetes would not take it: half of a service is another service. */
export function serviceOf(manifest: ManifestReader): InventoryService | undefined {
  const name = manifest.label(['metadata', 'name']);
  const type = typeOf(manifest);
  if (name === undefined || type === undefined) return undefined;
  const ipFamilies = ipFamiliesOf(manifest);
  const service: InventoryService = {
    name,
    labels: manifest.labels(['metadata', 'labels']),
    type,
    headless: manifest.at(['spec', 'clusterIP']) === 'None',
    selector: manifest.labels(['spec', 'selector']),
    ports: manifest.list(['spec', 'ports']).flatMap((_, index) => portOf(manifest, ['spec', 'ports', index]) ?? []),
    ...(ipFamilies.length === 0 ? {} : { ipFamilies }),
  };
  return manifest.isSound ? service : undefined;
}

function typeOf(manifest: ManifestReader): InventoryService['type'] | undefined {
  const text = manifest.text(['spec', 'type']) ?? 'ClusterIP';
  const type = TYPES.find((known) => known === text);
  return type ?? manifest.complain(['spec', 'type'], `spec.type is none of ${TYPES.join(', ')}`);
}

function ipFamiliesOf(manifest: ManifestReader): string[] {
  const families = manifest.texts(['spec', 'ipFamilies']);
  const isDual = manifest.at(['spec', 'ipFamilyPolicy']) === 'RequireDualStack';
  return families.length === 0 && isDual ? ['IPv4', 'IPv6'] : families;
}

function portOf(manifest: ManifestReader, at: readonly PathStep[]): InventoryServicePort | undefined {
  const number = manifest.port([...at, 'port']);
  if (number === undefined) return manifest.at([...at, 'port']) === undefined ? missing(manifest, at) : undefined;
  const protocol = protocolOf(manifest, at);
  const targetPort = targetOf(manifest, at);
  if (protocol === undefined || targetPort === undefined) return undefined;
  const [name, appProtocol] = [portName(manifest, [...at, 'name']), manifest.text([...at, 'appProtocol'])];
  return {
    ...(name === undefined ? {} : { name }),
    number,
    protocol,
    ...(appProtocol === undefined ? {} : { appProtocol }),
    targetPort: targetPort === 'same' ? number : targetPort.value,
  };
}

function portName(manifest: ManifestReader, at: readonly PathStep[]): string | undefined {
  return manifest.at(at) === '' ? undefined : manifest.label(at);
}

function missing(manifest: ManifestReader, at: readonly PathStep[]): undefined {
  return manifest.complain(at, 'the port has no number');
}

function protocolOf(manifest: ManifestReader, at: readonly PathStep[]): InventoryServicePort['protocol'] | undefined {
  const text = manifest.text([...at, 'protocol']) ?? 'TCP';
  const protocol = PROTOCOLS.find((known) => known === text);
  return protocol ?? manifest.complain([...at, 'protocol'], `the protocol is none of ${PROTOCOLS.join(', ')}`);
}

/** `same` if the manifest names no target. */
function targetOf(manifest: ManifestReader, at: readonly PathStep[]): 'same' | { value: number | string } | undefined {
  const place = [...at, 'targetPort'];
  const value = manifest.at(place);
  if (value === undefined || value === null || value === 0 || value === '') return 'same';
  if (typeof value === 'string') return namedTarget(manifest, place, value);
  const number = manifest.port(place);
  return number === undefined ? undefined : { value: number };
}

function namedTarget(manifest: ManifestReader, place: PathStep[], value: string): { value: string } | undefined {
  const isPortName = /^[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/.test(value) && /[a-z]/.test(value);
  return isPortName ? { value } : manifest.complain(place, 'targetPort is no name of a container port');
}

/** The east-west gateway that the Service publishes, if it is one and has an address. */
export function gatewayOf(manifest: ManifestReader, namespace: string): DiscoveredGateway | undefined {
  if (manifest.at(['metadata', 'labels', 'istio']) !== 'eastwestgateway') return undefined;
  const service = serviceOf(manifest);
  const addresses = addressesOf(manifest);
  if (service === undefined || addresses.length === 0) return undefined;
  const port =
    service.ports.find(({ number }) => number === EAST_WEST_PORT) ?? service.ports.find(({ name }) => name === 'tls');
  return port && { namespace, service: service.name, addresses, port: port.number, selector: service.selector };
}

function addressesOf(manifest: ManifestReader): string[] {
  const at = ['status', 'loadBalancer', 'ingress'];
  const ingress = manifest.list(at).flatMap((_, index) => {
    const address = manifest.text([...at, index, 'ip']) ?? manifest.text([...at, index, 'hostname']);
    return address === undefined || address === '' ? [] : [address];
  });
  return [...new Set([...ingress, ...manifest.texts(['spec', 'externalIPs'])])];
}
