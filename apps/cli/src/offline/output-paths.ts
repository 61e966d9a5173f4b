import { objectKey, sha256Hex, type KubeObjectRef } from '@isthmus/domain';

/** The path of each object's file, `<cluster>/<file>.yaml`, in the order of the objects. */
export function outputPaths(cluster: string, objects: readonly KubeObjectRef[]): string[] {
  const taken = new Map<string, string>();
  return objects.map((object) => {
    const plain = fileName(object);
    const key = objectKey(object);
    const holder = taken.get(plain) ?? key;
    taken.set(plain, holder);
    const name = holder === key ? plain : `${plain}.${sha256Hex(key).slice(0, 8)}`;
    return `${cluster}/${name}.yaml`;
  });
}

/** `<namespace>.<kind>.<name>`, of characters that every file system takes. */
function fileName({ kind, namespace, name }: KubeObjectRef): string {
  const parts = [namespace, kind.toLowerCase(), name].filter((part) => part !== undefined && part !== '');
  return parts
    .join('.')
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 200);
}
