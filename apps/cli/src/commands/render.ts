import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { formatVipLock, issue, VIP_LOCK_FILE, type Issue } from '@isthmus/domain';
import { atomicWriteFile, makeFolder } from '@isthmus/platform';
import { STDIN } from '../bundle/stdin-bundle.js';
import { assemble, type Assembly } from '../offline/assemble.js';
import { unwritable } from '../offline/file-error.js';
import { loadBundle, type LoadedBundle } from '../offline/load-bundle.js';
import { lockOutput, OUTPUT_LOCK, type LockHolder } from '../offline/output-lock.js';
import { writeOutput, type OutputResult, type Watch } from '../offline/write-output.js';
import { Progress } from '../output/progress.js';
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
  await refuseOneFile('render', options.filename);
  await refuseOutInside(options);
  const progress = new Progress(terminal);
  const loaded = await loadBundle(options.filename, { terminal, progress });
  const assembly = assemble(loaded, progress);
  const isRefused = isFailure(assembly.issues, options.strict ?? false);
  const watch = { progress, signal: terminal.signal };
  const result = isRefused ? undefined : await writeAll(options, { loaded, assembly }, watch);
  progress.end();
  return tell(terminal, options, { assembly, result });
}

function tell(
  terminal: Terminal,
  options: RenderOptions,
  { assembly, result }: { assembly: Assembly; result: OutputResult | undefined },
): ExitCode {
  const refusals = result?.kind === 'refused' ? result.issues : [];
  const code = reportIssues(terminal, [...assembly.issues, ...refusals], options);
  if (result === undefined || result.kind === 'refused') return code;
  const { newVips } = assembly.compiled;
  if (newVips.length > 0)
    terminal.err(`${join(options.filename, VIP_LOCK_FILE)}: ${newVips.length} new virtual addresses\n`);
  if (result.kind === 'interrupted') {
    terminal.err(`${options.out}: interrupted after ${result.written} files; render again to complete it\n`);
    return EXIT.issues;
  }
  const { written, removed, unchanged } = result;
  terminal.err(`${options.out}: ${written} files written, ${removed} removed, ${unchanged} unchanged\n`);
  terminal.err(`rendered: ${contentOf(assembly)}, members assumed to be served\n`);
  return EXIT.ok;
}

/** Rendering reads the manifests of the clusters, and keeps virtual addresses beside them: a file or a pipe has neither. */
export async function refuseOneFile(command: string, filename: string): Promise<void> {
  const isFile = filename === STDIN || (await stat(filename).catch(() => undefined))?.isFile() === true;
  if (!isFile) return;
  const reason = `it reads the manifests in clusters/ and keeps ${VIP_LOCK_FILE} there`;
  throw new UsageError(
    `${command} needs a folder with -f: ${reason}. validate and apply also take a file, or - for stdin`,
  );
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

/** The lock of addresses first: an address that was written out once must never move. */
async function writeAll(
  { filename, out }: RenderOptions,
  { loaded, assembly }: { loaded: LoadedBundle; assembly: Assembly },
  watch: Watch,
): Promise<OutputResult> {
  const opened = await openOutput(out);
  if (!('release' in opened)) return { kind: 'refused', issues: [opened] };
  try {
    const { newVips, vips } = assembly.compiled;
    const issues = newVips.length > 0 ? await writeVips(filename, loaded, formatVipLock(vips)) : [];
    return issues.length > 0 ? { kind: 'refused', issues } : await writeOutput(out, assembly.clusters, watch);
  } catch (error) {
    return { kind: 'refused', issues: [unwritable(out, error)] };
  } finally {
    opened.release();
  }
}

async function openOutput(out: string): Promise<{ release: () => void } | Issue> {
  try {
    await makeFolder(out);
    const lock = lockOutput(out);
    return 'release' in lock ? lock : heldBy(join(out, OUTPUT_LOCK), lock.holder);
  } catch (error) {
    return unwritable(out, error);
  }
}

function heldBy(file: string, holder: LockHolder | 'unknown'): Issue {
  const who = holder === 'unknown' ? 'somebody' : `process ${holder.pid} on ${holder.host}`;
  const message = `${who} is writing to this folder`;
  return issue('ISM0619', { message, source: { file, line: 1, column: 1 } });
}

/** Addresses that somebody else wrote since the bundle was read must not be lost. */
async function writeVips(folder: string, { lockText }: LoadedBundle, text: string): Promise<Issue[]> {
  const file = join(folder, VIP_LOCK_FILE);
  try {
    const now = await readFile(file, 'utf8').catch(() => undefined);
    if (now?.replace(/^\ufeff/, '') !== lockText) {
      const message = 'the file was changed while the bundle was rendered; nothing was written';
      return [issue('ISM0620', { message, source: { file, line: 1, column: 1 } })];
    }
    await atomicWriteFile(file, text);
    return [];
  } catch (error) {
    return [unwritable(file, error)];
  }
}
