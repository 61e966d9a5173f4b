import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { objectKey } from '@isthmus/domain';
import { atomicWriteFile } from '@isthmus/platform';
import * as z from 'zod';
import { EMPTY_RECORD } from '../cluster-port.js';
import type { ClusterRecord, OwnedObject } from '../cluster-port.js';
import { fenceSchema, ownedSchema } from '../record-schema.js';

const LOG_NAME = /^record-[0-9a-f]{16}\.log$/;
const DIGEST_CHARS = 16;
/** A log shorter than this is never worth a new snapshot. */
const SHORT_LOG_BYTES = 64 * 1024;

const content = { fences: z.array(fenceSchema), owned: z.array(ownedSchema) };
const recordSchema = z.discriminatedUnion('version', [
  z.object({ version: z.literal(1), ...content }),
  z.object({ version: z.literal(2), log: z.string().regex(LOG_NAME), ...content }),
]);
const changeSchema = z.object({
  fences: z.array(fenceSchema).optional(),
  put: z.array(ownedSchema),
  remove: z.array(z.string()),
});
type Change = z.infer<typeof changeSchema>;

/** The record on disk. What `save` has returned from survives a loss of power. */
export interface RecordFile {
  /** An absent file is an empty record, a damaged one is an error: guessing could delete or orphan objects. */
  load(): Promise<ClusterRecord>;
  save(record: ClusterRecord): Promise<void>;
}

/** What is on disk. `log`: undefined when nothing may be appended, so that the next save is a snapshot. */
interface Saved {
  record: ClusterRecord;
  log: { path: string; bytes: number; limit: number } | undefined;
}

/**
 * `record.json` is a snapshot and names its log; each line of the log is one later save, with the start of its hash before it. A save
 * costs one flush and what it changes; a log that has grown longer than its snapshot ends in a new one.
 */
export function recordFile(folder: string): RecordFile {
  let saved: Saved | undefined;
  return {
    async load() {
      saved = await readAll(folder);
      return saved.record;
    },
    async save(record) {
      const before = saved;
      saved = undefined;
      const log = before?.log;
      const line = before === undefined || log === undefined ? undefined : lineOf(changeOf(before.record, record));
      if (log === undefined || line === undefined || log.bytes + line.length > log.limit) {
        saved = await writeSnapshot(folder, record);
        return;
      }
      await append(log.path, line);
      saved = { record, log: { ...log, bytes: log.bytes + line.length } };
    },
  };
}

async function readAll(folder: string): Promise<Saved> {
  const path = join(folder, 'record.json');
  const text = await readText(path);
  if (text === undefined) return { record: EMPTY_RECORD, log: undefined };
  const parsed = recordSchema.safeParse(parseJson(text));
  if (!parsed.success) throw damaged(path);
  const { fences, owned } = parsed.data;
  if (parsed.data.version === 1) return { record: { fences, owned }, log: undefined };
  const logPath = join(folder, parsed.data.log);
  const log = await readText(logPath);
  if (log === undefined) throw damaged(logPath);
  const { changes, isWhole } = readLog(log, logPath);
  const record = replay({ fences, owned }, changes);
  return { record, log: isWhole ? { path: logPath, bytes: log.length, limit: limitOf(text) } : undefined };
}

/** A last line that is cut short was never answered for; any other fault means that lines are missing. */
function readLog(text: string, path: string): { changes: Change[]; isWhole: boolean } {
  const lines = text.split('\n');
  const tail = lines.pop();
  const changes = lines.map(readLine);
  const whole = changes.filter((change) => change !== undefined);
  if (changes.slice(0, -1).includes(undefined)) throw damaged(path);
  return { changes: whole, isWhole: tail === '' && whole.length === changes.length };
}

function readLine(line: string): Change | undefined {
  const json = line.slice(DIGEST_CHARS + 1);
  if (line !== `${digestOf(json)} ${json}`) return undefined;
  const parsed = changeSchema.safeParse(parseJson(json));
  return parsed.success ? parsed.data : undefined;
}

function replay(record: ClusterRecord, changes: readonly Change[]): ClusterRecord {
  if (changes.length === 0) return record;
  const owned = new Map(record.owned.map((object) => [objectKey(object), object]));
  let { fences } = record;
  for (const change of changes) {
    fences = change.fences ?? fences;
    for (const object of change.put) owned.set(objectKey(object), object);
    for (const key of change.remove) owned.delete(key);
  }
  return { fences, owned: [...owned].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object) };
}

/** What was neither made nor changed since is the very same object in both. */
function changeOf(before: ClusterRecord, after: ClusterRecord): Change {
  const [old, now] = [new Set(before.owned), new Set(after.owned)];
  const put = after.owned.filter((owned) => !old.has(owned));
  const stays = new Set(put.map((owned) => objectKey(owned)));
  const gone = before.owned.filter((owned) => !now.has(owned)).map((owned: OwnedObject) => objectKey(owned));
  const isSame = JSON.stringify(before.fences) === JSON.stringify(after.fences);
  return { ...(isSame ? {} : { fences: after.fences }), put, remove: gone.filter((key) => !stays.has(key)) };
}

function lineOf(change: Change): string {
  const json = JSON.stringify(change);
  return `${digestOf(json)} ${json}\n`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_CHARS);
}

async function append(path: string, line: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.writeFile(line);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** The log is there before the snapshot that names it; only then may the old one go. */
async function writeSnapshot(folder: string, record: ClusterRecord): Promise<Saved> {
  await mkdir(folder, { recursive: true });
  if (!(await lstat(folder)).isDirectory()) throw new Error(`${folder} must be a folder, not a link`);
  const log = `record-${randomBytes(8).toString('hex')}.log`;
  const text = `${JSON.stringify({ version: 2, log, ...record }, null, 1)}\n`;
  await (await open(join(folder, log), 'wx')).close();
  await atomicWriteFile(join(folder, 'record.json'), text);
  const stale = (await readdir(folder)).filter((name) => LOG_NAME.test(name) && name !== log);
  await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
  return { record, log: { path: join(folder, log), bytes: 0, limit: limitOf(text) } };
}

function limitOf(snapshot: string): number {
  return Math.max(SHORT_LOG_BYTES, snapshot.length);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function damaged(path: string): Error {
  return new Error(
    `the record of owned objects is damaged: ${path}. Restore it, or move record.json away to start without owned objects`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
