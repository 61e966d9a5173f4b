import { createTwoFilesPatch } from 'diff';
import { join } from 'node:path';
import { readFiles, readRecord, type FileState } from './write-output.js';

/** What `render` would change in the output folder, as unified diffs; undefined if the record there cannot be understood. */
export async function diffOutput(out: string, files: ReadonlyMap<string, string>): Promise<string[] | undefined> {
  const recorded = await readRecord(out);
  if (recorded === undefined) return undefined;
  const paths = [...new Set([...recorded, ...files.keys()])].sort();
  const before = await readFiles(out, paths);
  return paths.flatMap((path) => fileDiff(join(out, path), before.get(path), files.get(path)));
}

function fileDiff(name: string, before: FileState | undefined, after: string | undefined): string[] {
  const old = before?.kind === 'text' ? before.text : undefined;
  if (old === after) return [];
  return [unifiedDiff(name, old, after)];
}

/** A unified diff; an absent side is /dev/null. */
export function unifiedDiff(name: string, before: string | undefined, after: string | undefined): string {
  const [from, to] = [before === undefined ? '/dev/null' : name, after === undefined ? '/dev/null' : name];
  const patch = createTwoFilesPatch(from, to, before ?? '', after ?? '', '', '', { context: 3 });
  return patch.replace(/^(Index: .*\n)?=+\n/, '').replaceAll(/^(---|\+\+\+) (.*?)\t$/gm, '$1 $2');
}
