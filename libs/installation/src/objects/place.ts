import type { KubeObject } from '@isthmus/domain';
import { INSTALL_LABELS } from '../names.js';

/** Metadata of an object of the installation; without a namespace it is the cluster's. */
export function metadataOf(name: string, namespace?: string): KubeObject['metadata'] {
  const labels = { ...INSTALL_LABELS };
  return namespace === undefined ? { name, labels } : { name, namespace, labels };
}

/** The port that an address is dialled at. */
export function portOf(address: string): number {
  const [, port] = /^[a-z]+:\/\/[^/]*?:(\d+)(?:\/|$)/.exec(address) ?? [];
  if (port !== undefined) return Number(port);
  return address.startsWith('http://') ? 80 : 443;
}
