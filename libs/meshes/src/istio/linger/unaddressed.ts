import type { KubeObject } from '@isthmus/domain';
import { isItem, specItems, withSpecItems, type Item } from './spec-items.js';

/** Keeps istiod from giving an entry an address of its own, in proxies that answer DNS. */
const NO_ADDRESS = 'networking.istio.io/enable-autoallocate-ip';
/** Found by name in requests. A port of anything else without an address would take all traffic to its number, wherever it goes. */
const NAMED_IN_REQUESTS: readonly unknown[] = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'];

const addressesOf = ({ spec }: KubeObject): unknown[] => {
  const addresses = isItem(spec) ? spec['addresses'] : undefined;
  return Array.isArray(addresses) ? addresses : [];
};

function ofPorts(endpoint: Item, names: ReadonlySet<unknown>): Item {
  const { ports } = endpoint;
  if (!isItem(ports)) return endpoint;
  return { ...endpoint, ports: Object.fromEntries(Object.entries(ports).filter(([name]) => names.has(name))) };
}

/**
 * A service entry of the mesh before its address is known: proxies learn clusters, endpoints and routes of the host, and no name
 * resolves to it. Undefined where that cannot be: without an address, or without a port that requests name their host at.
 */
export function unaddressedEntry(entry: KubeObject): KubeObject | undefined {
  if (!isItem(entry.spec) || entry.spec['location'] !== 'MESH_INTERNAL') return undefined;
  const ports = specItems(entry, 'ports').filter(({ protocol }) => NAMED_IN_REQUESTS.includes(protocol));
  if (addressesOf(entry).length === 0 || ports.length === 0) return undefined;
  const { addresses: _, ...spec } = entry.spec;
  const { metadata } = entry;
  const early = { ...entry, metadata: { ...metadata, labels: { ...metadata.labels, [NO_ADDRESS]: 'false' } }, spec };
  const names = new Set(ports.map(({ name }) => name));
  const endpoints = specItems(entry, 'endpoints').map((endpoint) => ofPorts(endpoint, names));
  const withPorts = withSpecItems(early, 'ports', ports);
  return endpoints.length === 0 ? withPorts : withSpecItems(withPorts, 'endpoints', endpoints);
}

/** True for an entry as it stands before its address. */
export function isUnaddressedEntry(entry: KubeObject): boolean {
  return entry.metadata.labels?.[NO_ADDRESS] === 'false' && addressesOf(entry).length === 0;
}
