import type { KubeObjectRef } from '@isthmus/domain';

const LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const SUBDOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const KIND = /^[A-Za-z][A-Za-z0-9]{0,62}$/;

/** Folder of objects without a namespace; no namespace can have this name. */
export const CLUSTER_FOLDER = '_cluster';

/** Where an object's file lies below the output folder, or why its name cannot be one. */
export type ObjectPath = { ok: true; folder: string; file: string } | { ok: false; reason: string };

/**
 * `<namespace>/<kind>.<group>_<name>.yaml`, in lower case. Every part is checked against what Kubernetes allows in names,
 * so that no name can climb out of the folder, hide, or meet another object's file.
 */
export function objectPath(ref: KubeObjectRef): ObjectPath {
  const [group = '', version] = ref.apiVersion.split('/');
  const groupName = version === undefined ? 'core' : group;
  if (!KIND.test(ref.kind)) return refuse('kind', ref.kind);
  if (!isSubdomain(groupName)) return refuse('API group', groupName);
  if (!isSubdomain(ref.name)) return refuse('name', ref.name);
  if (ref.namespace !== undefined && !isSubdomain(ref.namespace)) return refuse('namespace', ref.namespace);
  const file = `${ref.kind.toLowerCase()}.${groupName}_${ref.name}.yaml`;
  if (Buffer.byteLength(file) > 255)
    return { ok: false, reason: `the file name would be longer than 255 bytes: ${file}` };
  return { ok: true, folder: ref.namespace ?? CLUSTER_FOLDER, file };
}

function isSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text);
}

function refuse(part: string, value: string): ObjectPath {
  return { ok: false, reason: `${JSON.stringify(value.slice(0, 80))} is no valid ${part}` };
}
