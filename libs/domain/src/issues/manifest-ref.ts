import type { ManifestRef } from './issue.js';

/** The manifest of a member's Kubernetes Service, or of one of its fields. */
export function serviceManifest(
  { cluster, namespace, service }: { cluster: string; namespace: string; service: string },
  path?: string,
): ManifestRef {
  return { cluster, kind: 'Service', name: `${namespace}/${service}`, ...(path === undefined ? {} : { path }) };
}
