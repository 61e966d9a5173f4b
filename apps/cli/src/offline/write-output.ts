import { lstat, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { issue, type Issue } from '@isthmus/domain';
import { atomicWriteFile } from '@isthmus/platform';
import { formatRecord, parseRecord, RENDER_RECORD } from './render-record.js';

/** What writing changed, or why nothing was written. */
export type OutputResult =
  { kind: 'written'; written: string[]; removed: string[]; unchanged: number } | { kind: 'refused'; issues: Issue[] };

/**
 * Makes the output folder hold exactly these files and what it held of others. Only files that the record names are replaced or
 * removed; each is replaced as a whole. The record names every file before it is written, so a crash leaves nothing unknown.
 */
export async function writeOutput(out: string, files: ReadonlyMap<string, string>): Promise<OutputResult> {
  const recorded = await readRecord(out);
  if (recorded === undefined) {
    return { kind: 'refused', issues: [at(join(out, RENDER_RECORD), 'ISM0604', 'the record cannot be understood')] };
  }
  const before = await readFiles(out, new Set([...recorded, ...files.keys()]));
  const foreign = findForeign(files, { before, recorded: new Set(recorded) });
  if (foreign.length > 0) {
    const issues = foreign.map(({ file, reason }) => at(join(out, file), 'ISM0603', reason));
    return { kind: 'refused', issues };
  }
  return replace(out, files, { before, recorded });
}

/** What stands at a path: the text of a file, `absent`, or something that is no plain file in a plain folder. */
export type FileState = { kind: 'text'; text: string } | { kind: 'absent' } | { kind: 'other' };

/** Reads files below a folder without following links. */
export async function readFiles(out: string, paths: Iterable<string>): Promise<Map<string, FileState>> {
  const states = new Map<string, FileState>();
  const folders = new Map<string, 'folder' | 'absent' | 'other'>();
  for (const path of paths) {
    const folder = dirname(path);
    const kind = folders.get(folder) ?? (await folderKind(join(out, folder)));
    folders.set(folder, kind);
    states.set(path, kind === 'folder' ? await fileState(join(out, path)) : { kind });
  }
  return states;
}

async function folderKind(path: string): Promise<'folder' | 'absent' | 'other'> {
  const info = await lstat(path).catch(() => undefined);
  if (info === undefined) return 'absent';
  return info.isDirectory() ? 'folder' : 'other';
}

async function fileState(path: string): Promise<FileState> {
  const info = await lstat(path).catch(() => undefined);
  if (info === undefined) return { kind: 'absent' };
  return info.isFile() ? { kind: 'text', text: await readFile(path, 'utf8') } : { kind: 'other' };
}

/** The files that the record names; none without record, undefined if there is one that cannot be understood. */
export async function readRecord(out: string): Promise<string[] | undefined> {
  const state = await fileState(join(out, RENDER_RECORD));
  if (state.kind === 'absent') return [];
  return state.kind === 'text' ? parseRecord(state.text) : undefined;
}

interface Known {
  before: ReadonlyMap<string, FileState>;
  recorded: ReadonlySet<string>;
}

function findForeign(
  files: ReadonlyMap<string, string>,
  { before, recorded }: Known,
): { file: string; reason: string }[] {
  return [...files].flatMap(([file, text]) => {
    const state = before.get(file);
    if (state?.kind === 'other') return [{ file, reason: 'a link or something else than a file is there' }];
    if (state?.kind !== 'text' || recorded.has(file) || state.text === text) return [];
    return [{ file, reason: 'the file exists and was not written by render' }];
  });
}

async function replace(
  out: string,
  files: ReadonlyMap<string, string>,
  { before, recorded }: { before: ReadonlyMap<string, FileState>; recorded: readonly string[] },
): Promise<OutputResult> {
  const isSame = ([file, text]: [string, string]) => {
    const state = before.get(file);
    return state?.kind === 'text' && state.text === text;
  };
  const changed = [...files].filter((entry) => !isSame(entry));
  const stale = recorded.filter((file) => !files.has(file) && before.get(file)?.kind === 'text');
  const record = join(out, RENDER_RECORD);
  await mkdir(out, { recursive: true });
  await atomicWriteFile(record, formatRecord([...recorded, ...files.keys()]));
  for (const [file, text] of changed) {
    await mkdir(join(out, dirname(file)), { recursive: true });
    await replaceFile(join(out, file), text);
  }
  for (const file of stale) await rm(join(out, file), { force: true });
  for (const folder of new Set(stale.map(dirname))) await rmdir(join(out, folder)).catch(() => undefined);
  await atomicWriteFile(record, formatRecord(files.keys()));
  return {
    kind: 'written',
    written: changed.map(([file]) => file),
    removed: stale,
    unchanged: files.size - changed.length,
  };
}

/** Replaces one of many files; not flushed one by one, because rendering again makes the same bytes. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.tmp`);
  await rm(temporary, { force: true });
  await writeFile(temporary, text, { flag: 'wx' });
  await rename(temporary, path);
}

function at(file: string, code: 'ISM0603' | 'ISM0604', message: string): Issue {
  return issue(code, { message, source: { file, line: 1, column: 1 } });
}
