import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import type { AuditAnchor } from '@isthmus/domain';
import { replaceablePath } from '@isthmus/platform';
import type { AuditSource } from '../audit/audit-source.js';
import { exportHead, exportLines, exportSource } from '../audit/export-file.js';
import { newestChanges, serverSource, type AuditFilter, type ListedChange } from '../audit/server-source.js';
import { keysIn, keysOfFile, verifySource, type Verdict } from '../audit/verify-source.js';
import { proceed, tell, withSession, type OnlineOptions } from '../online/session.js';
import type { Outcome } from '../outcome.js';
import { changeTable, changeText } from '../output/audit-text.js';
import { coloursFor } from '../output/colours.js';
import { Progress } from '../output/progress.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { instantOf } from './instant.js';

/** Options of `audit list`. */
export interface ListOptions extends OnlineOptions {
  actor?: string;
  action?: string;
  kind?: string;
  subject?: string;
  from?: string;
  to?: string;
  limit: string;
  output: string;
}

/** `isthmus audit list`: the newest changes, as a table, with what changed in each, or as JSON. */
export async function auditList(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  const filter = filterOf(options);
  const count = countOf(options.limit);
  return withSession(terminal, options, async (session) =>
    proceed(session, await newestChanges(session.ask, filter, count), (changes) => {
      if (options.output === 'json') terminal.out(`${JSON.stringify(changes, null, 2)}\n`);
      else showChanges(terminal, changes, options.output);
      return EXIT.ok;
    }),
  );
}

/** Changes as a table, or with what each changed. */
export function showChanges(terminal: Terminal, changes: readonly ListedChange[], output: string): void {
  if (changes.length === 0) return terminal.err('no changes\n');
  if (output !== 'diff') return terminal.out(changeTable(changes));
  const colours = coloursFor(terminal, terminal.isOutTty);
  terminal.out(changes.map((change) => changeText(change, colours)).join('\n'));
}

function filterOf({ actor, action, kind, subject, from, to }: ListOptions): AuditFilter {
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    ...(kind === undefined ? {} : { subjectKind: kind }),
    ...(subject === undefined ? {} : { subjectId: subject }),
    ...(from === undefined ? {} : { from: instantOf('--from', from, 'START') }),
    ...(to === undefined ? {} : { to: instantOf('--to', to, 'START') }),
  };
}

const MOST = 10_000;

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST) return count;
  throw new UsageError(`--limit ${text} is not a number from 1 to ${MOST}`);
}

/** Options of `audit export`. */
export interface ExportOptions extends OnlineOptions {
  out?: string;
}

/** `isthmus audit export`: the whole log with its seals, as JSON lines. A file appears only when it is whole. */
export async function auditExport(terminal: Terminal, options: ExportOptions): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(session, await serverSource(session.ask), async (source) => {
      const { out: file } = options;
      const sink = file === undefined ? writeTo(terminal) : await fileSink(file);
      const progress = new Progress(terminal);
      const written = await exportTo(sink, source, { terminal, progress });
      progress.end();
      return proceed(session, written, (changes) => {
        terminal.err(`${changes} changes${file === undefined ? '' : ` written to ${file}`}\n`);
        return EXIT.ok;
      });
    }),
  );
}

interface Sink {
  write: (text: string) => Promise<void>;
  /** What was written counts, or does not. */
  end: (isWhole: boolean) => Promise<void>;
}

const writeTo = (terminal: Terminal): Sink => ({
  write: (text) => Promise.resolve(terminal.out(text)),
  end: () => Promise.resolve(),
});

async function fileSink(named: string): Promise<Sink> {
  const file = await replaceablePath(named).catch((error: Error) => Promise.reject(unwritable(named, error)));
  const draft = `${file}.part`;
  const stream = createWriteStream(draft, { mode: 0o600 });
  const failure = new Promise<never>((_, reject) => stream.once('error', (error) => reject(unwritable(file, error))));
  failure.catch(() => undefined);
  const write = async (text: string): Promise<void> => {
    if (!stream.write(text)) await Promise.race([once(stream, 'drain'), failure]);
  };
  const end = async (isWhole: boolean): Promise<void> => {
    await Promise.race([new Promise((resolve) => stream.end(resolve)), failure]);
    await (isWhole ? rename(draft, file) : rm(draft, { force: true }));
  };
  return { write, end };
}

const unwritable = (file: string, error: Error): UsageError =>
  new UsageError(`--out ${file} cannot be written: ${error.message}`);

async function exportTo(
  { write, end }: Sink,
  source: AuditSource,
  { terminal, progress }: { terminal: Terminal; progress: Progress },
): Promise<Outcome<number>> {
  let changes = 0;
  await write(exportHead(source, terminal.now()));
  for await (const batch of source.batches) {
    if (!batch.ok) {
      await end(false);
      return batch;
    }
    await write(exportLines(batch.value));
    changes += batch.value.rows.length;
    progress.tell(`${changes} changes`);
  }
  await end(true);
  return { ok: true, value: changes };
}

/** Options of `audit verify`. */
export interface VerifyOptions extends OnlineOptions {
  filename?: string;
  key?: string;
  anchor?: string;
}

/** `isthmus audit verify`: judges the log of a server, or an export, from its first seal to its last. */
export async function auditVerify(terminal: Terminal, options: VerifyOptions): Promise<ExitCode> {
  const anchor = options.anchor === undefined ? undefined : anchorOf(options.anchor);
  const { filename } = options;
  const judge = (source: AuditSource) => verified(terminal, source, { ...options, anchor });
  if (filename !== undefined) return proceed({ terminal }, await exportSource(filename), judge);
  return withSession(terminal, options, async (session) => proceed(session, await serverSource(session.ask), judge));
}

const ANCHOR = /^([1-9]\d{0,14}):([0-9a-f]{64})$/;

function anchorOf(text: string): AuditAnchor {
  const [, seq, hash] = ANCHOR.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new UsageError(`--anchor ${text} is not <number>:<hash>, as audit verify prints it`);
  return { seq: Number(seq), hash };
}

async function verified(
  terminal: Terminal,
  source: AuditSource,
  { key, anchor, filename }: Omit<VerifyOptions, 'anchor'> & { anchor: AuditAnchor | undefined },
): Promise<ExitCode> {
  const where = filename ?? 'the server';
  const keys = key === undefined ? keysIn(source.keys, where) : await keysOfFile(key);
  return proceed({ terminal }, keys, async (trusted) => {
    const progress = new Progress(terminal);
    const told = (rows: number): void => progress.tell(`${rows} changes`);
    const verdict = await verifySource(source, { keys: trusted, anchor, told });
    progress.end();
    return proceed({ terminal }, verdict, (value) => {
      if (key === undefined) terminal.err(`the keys are those that ${where} names; trust your own with --key\n`);
      return tellVerdict(terminal, value);
    });
  });
}

function tellVerdict(terminal: Terminal, { issues, head, sealed, unsealed }: Verdict): ExitCode {
  if (issues.length > 0) return tell(terminal, issues);
  const rest = unsealed === 0 ? '' : `; ${unsealed} changes are not sealed yet`;
  terminal.err(`the audit log is whole: ${sealed} changes in ${head.seq} seals${rest}\n`);
  if (head.seq > 0) terminal.out(`${head.seq}:${head.hash}\n`);
  return EXIT.ok;
}
