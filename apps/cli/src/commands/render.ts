import { realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { formatVipLock, issue, VIP_LOCK_FILE, type Issue } from '@isthmus/domain';
import { atomicWriteFile } from '@isthmus/platform';
import { assemble, type Assembly } from '../offline/assemble.js';
import { loadBundle, type LoadedBundle } from '../offline/load-bundle.js';
import { outputFiles } from '../offline/output-files.js';
import { writeOutput, type OutputResult } from '../offline/write-output.js';
import { isFailure, reportIssues, type IssueOptions } from '../output/report-issues.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { contentOf } from './validate.js';

/** Options of `render`. */
export interface RenderOptions extends IssueOptions {
  filename: string;
  out: string;
}

/**
 * `isthmus render -f DIR --out OUT`: writes `OUT/<cluster>/*.yaml`, and new virtual addresses to the lock in DIR. With errors nothing
 * is written. Assumes that every owner serves what it is asked for, as it is after all agents have acknowledged.
 */
export async function render(terminal: Terminal, options: RenderOptions): Promise<ExitCode> {
  await refuseOutInside(options);
  const loaded = await loadBundle(options.filename);
  const assembly = assemble(loaded);
  if (isFailure(assembly.issues, options.strict ?? false)) return reportIssues(terminal, assembly.issues, options);
  const result = await writeAll(options, loaded, assembly);
  if (result.kind === 'refused') return reportIssues(terminal, [...assembly.issues, ...result.issues], options);
  reportIssues(terminal, assembly.issues, options);
  const { newVips } = assembly.compiled;
  if (newVips.length > 0)
    terminal.err(`${join(options.filename, VIP_LOCK_FILE)}: ${newVips.length} new virtual addresses\n`);
  const { written, removed, unchanged } = result;
  terminal.err(`${options.out}: ${written.length} files written, ${removed.length} removed, ${unchanged} unchanged\n`);
  terminal.err(`rendered: ${contentOf(assembly)}, members assumed to be served\n`);
  return EXIT.ok;
}

/** The lock first: an address that was written out once must never move. */
async function writeAll(options: RenderOptions, loaded: LoadedBundle, assembly: Assembly): Promise<OutputResult> {
  const { newVips, vips } = assembly.compiled;
  const issues = newVips.length > 0 ? await writeLock(options.filename, loaded, formatVipLock(vips)) : [];
  return issues.length > 0 ? { kind: 'refused', issues } : writeFiles(options.out, outputFiles(assembly.clusters));
}

/** The output may lie inside of the bundle, but not be it or be among its clusters: the next render would read it. */
async function refuseOutInside({ filename, out }: RenderOptions): Promise<void> {
  const [bundle, target] = await Promise.all([realPath(filename), realPath(out)]);
  const clusters = join(bundle, 'clusters');
  if (target === bundle || target === clusters || target.startsWith(clusters + sep)) {
    throw new UsageError('--out may not be the folder of the bundle or lie in its clusters/');
  }
}

const realPath = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

async function writeLock(folder: string, { isFolder }: LoadedBundle, text: string): Promise<Issue[]> {
  if (!isFolder) throw new UsageError('render needs a folder with -f, because it keeps vips.lock.yaml there');
  const file = join(folder, VIP_LOCK_FILE);
  try {
    await atomicWriteFile(file, text);
    return [];
  } catch (error) {
    return [unwritable(file, error)];
  }
}

async function writeFiles(out: string, files: ReadonlyMap<string, string>): Promise<OutputResult> {
  try {
    return await writeOutput(out, files);
  } catch (error) {
    return { kind: 'refused', issues: [unwritable(out, error)] };
  }
}

function unwritable(file: string, error: unknown): Issue {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return issue('ISM0605', { message: `cannot be written (${reason})`, source: { file, line: 1, column: 1 } });
}
