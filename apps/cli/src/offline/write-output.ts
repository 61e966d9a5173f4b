import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { issue, type Issue } from '@isthmus/domain';
import { atomicWriteFile } from '@isthmus/platform';
import type { Progress } from '../output/progress.js';
import { OutputFolder } from './output-folder.js';
import type { RenderedCluster } from './render-clusters.js';
import { formatRecord, RENDER_RECORD } from './render-record.js';

/** What writing changed, why nothing was written, or how far it came before it was interrupted. */
export type OutputResult =
  | { kind: 'written'; written: number; removed: number; unchanged: number }
  | { kind: 'refused'; issues: Issue[] }
  | { kind: 'interrupted'; written: number };

/** Who is told how far it is, and who may end it. */
export interface Watch {
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Makes the output folder hold exactly these files and what it held of others. Only files that the record names are replaced or
 * removed; each is replaced as a whole. The record names every file before it is written, so after a crash the next run knows
 * which are ours. Nobody else may write there meanwhile.
 */
export async function writeOutput(
  out: string,
  clusters: readonly RenderedCluster[],
  watch: Watch,
): Promise<OutputResult> {
  const folder = new OutputFolder(out);
  const recorded = folder.recorded();
  if (recorded === undefined) {
    return { kind: 'refused', issues: [at(join(out, RENDER_RECORD), 'ISM0604', 'the record cannot be understood')] };
  }
  const foreign = findForeign(folder, clusters, new Set(recorded));
  if (foreign.length > 0) {
    return { kind: 'refused', issues: foreign.map(({ file, reason }) => at(join(out, file), 'ISM0603', reason)) };
  }
  const record = join(out, RENDER_RECORD);
  const wanted = new Set(clusters.flatMap(({ paths }) => paths));
  await atomicWriteFile(record, formatRecord([...recorded, ...wanted]));
  const { isWhole, written } = await writeAll(folder, clusters, { ...watch, total: wanted.size });
  if (!isWhole) return { kind: 'interrupted', written };
  const stale = recorded.filter((file) => !wanted.has(file) && folder.kindOf(file) === 'file');
  folder.remove(stale, [...recorded, ...wanted]);
  await atomicWriteFile(record, formatRecord(wanted));
  return { kind: 'written', written, removed: stale.length, unchanged: wanted.size - written };
}

/** Files that render would have to replace and did not write; one that holds the same already is taken over. */
function findForeign(
  folder: OutputFolder,
  clusters: readonly RenderedCluster[],
  recorded: ReadonlySet<string>,
): { file: string; reason: string }[] {
  return clusters.flatMap(({ paths, texts }) => {
    const blocked = paths.filter((file) => folder.kindOf(file) === 'other');
    const unknown = new Set(paths.filter((file) => folder.kindOf(file) === 'file' && !recorded.has(file)));
    const differing =
      unknown.size === 0 ? [] : [...texts()].filter(([file, text]) => unknown.has(file) && folder.read(file) !== text);
    return [
      ...blocked.map((file) => ({ file, reason: 'a link or something else than a file is there' })),
      ...differing.map(([file]) => ({ file, reason: 'the file exists and was not written by render' })),
    ];
  });
}

/** Files between two looks at whether to go on. */
const BATCH = 200;

async function writeAll(
  folder: OutputFolder,
  clusters: readonly RenderedCluster[],
  { progress, signal, total }: Watch & { total: number },
): Promise<{ isWhole: boolean; written: number }> {
  let [done, written] = [0, 0];
  for (const { texts } of clusters) {
    for (const [path, text] of texts()) {
      if (folder.read(path) !== text) {
        folder.replace(path, text);
        written += 1;
      }
      done += 1;
      if (done % BATCH !== 0) continue;
      progress.tell(`writing ${done} of ${total} files`);
      await setImmediate();
      if (signal.aborted) return { isWhole: false, written };
    }
  }
  return { isWhole: true, written };
}

function at(file: string, code: 'ISM0603' | 'ISM0604', message: string): Issue {
  return issue(code, { message, source: { file, line: 1, column: 1 } });
}
