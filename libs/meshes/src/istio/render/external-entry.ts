import { sha256Hex, type ExternalEntry } from '@isthmus/domain';
import { objectName } from '../../object-name.js';
import type { Scene } from './scene.js';

/** Items that Istio's schema takes in one list of hosts or addresses. */
const MAX_ITEMS = 256;

type Port = Pick<ExternalEntry['ports'][number], 'number' | 'protocol' | 'targetPort'>;

/** Name of a port in all objects. */
export const externalPortName = ({ number, protocol }: Port): string => `${protocol.toLowerCase()}-${number}`;

/** A port as Istio writes it, which knows no PostgreSQL. */
export function externalPort(port: Port): object {
  const { number, protocol, targetPort } = port;
  return {
    number,
    name: externalPortName(port),
    protocol: protocol === 'POSTGRESQL' ? 'TCP' : protocol,
    ...(targetPort === undefined ? {} : { targetPort }),
  };
}

/** Lists that each fit into one object. */
export function inChunks<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / MAX_ITEMS);
  return Array.from({ length: count }, (_, index) => items.slice(index * MAX_ITEMS, (index + 1) * MAX_ITEMS));
}

/** Global namespaces may share a service, a host, and the agent's namespace, so each names objects of its own. */
export function externalName({ gns }: Pick<Scene, 'gns'>, first: string, parts: readonly string[]): string {
  const identity = [gns.project, gns.name, ...parts].join('\n');
  return objectName(first, `external-${sha256Hex(identity).slice(0, 8)}`);
}
