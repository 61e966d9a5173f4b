import { objectKey, type KubeObject } from '@isthmus/domain';
import { contentHash, renderYaml } from '@isthmus/meshes';
import type { RenderedCluster } from './render-clusters.js';

/** Text of every output file by its path `<cluster>/<file>.yaml`: one object each, sorted. */
export function outputFiles(clusters: readonly RenderedCluster[]): Map<string, string> {
  const files = clusters.flatMap(({ name, objects }) => filesOf(name, objects));
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function filesOf(cluster: string, objects: readonly KubeObject[]): [string, string][] {
  const taken = new Map<string, string>();
  return objects.map((object) => {
    const plain = fileName(object);
    const key = objectKey(object);
    const holder = taken.get(plain) ?? key;
    taken.set(plain, holder);
    const name = holder === key ? plain : `${plain}.${contentHash(object).slice(0, 8)}`;
    return [`${cluster}/${name}.yaml`, renderYaml([object])];
  });
}

/** `<namespace>.<kind>.<name>`, of characters that every file system takes. */
function fileName({ kind, metadata }: KubeObject): string {
  const parts = [metadata.namespace, kind.toLowerCase(), metadata.name].filter(
    (part) => part !== undefined && part !== '',
  );
  return parts
    .join('.')
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 200);
}
