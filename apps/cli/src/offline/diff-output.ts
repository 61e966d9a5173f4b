import { createTwoFilesPatch } from 'diff';
import { join } from 'node:path';
import { OutputFolder } from './output-folder.js';
import type { RenderedCluster } from './render-clusters.js';

/** What `render` would change in the output folder, as unified diffs by path; undefined if the record there cannot be understood. */
export function diffOutput(out: string, clusters: readonly RenderedCluster[]): Iterable<string> | undefined {
  const folder = new OutputFolder(out);
  const recorded = folder.recorded();
  return recorded && patches({ out, folder, recorded }, clusters);
}

interface Output {
  out: string;
  folder: OutputFolder;
  recorded: readonly string[];
}

function* patches({ out, folder, recorded }: Output, clusters: readonly RenderedCluster[]): Iterable<string> {
  const rendered = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const folders = new Set([...recorded.map(folderOf), ...rendered.keys()]);
  for (const name of [...folders].sort()) {
    const cluster = rendered.get(name);
    const after = new Map(cluster?.texts());
    const paths = new Set([...recorded.filter((path) => folderOf(path) === name), ...after.keys()]);
    for (const path of [...paths].sort()) {
      const [before, text] = [folder.read(path), after.get(path)];
      if (before !== text) yield unifiedDiff(join(out, path), before, text);
    }
  }
}

const folderOf = (path: string) => path.slice(0, path.indexOf('/'));

/** A unified diff; an absent side is /dev/null. */
export function unifiedDiff(name: string, before: string | undefined, after: string | undefined): string {
  const [from, to] = [before === undefined ? '/dev/null' : name, after === undefined ? '/dev/null' : name];
  const patch = createTwoFilesPatch(from, to, before ?? '', after ?? '', '', '', { context: 3 });
  return patch.replace(/^(Index: .*\n)?=+\n/, '').replaceAll(/^(---|\+\+\+) (.*?)\t$/gm, '$1 $2');
}
