import { lstat, mkdir, readFile, readdir, rm, rmdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { LABELS, MANAGED_BY, objectKey } from '@isthmus/domain';
import type { KubeObject, KubeObjectRef } from '@isthmus/domain';
import { atomicWriteFile } from '@isthmus/platform';
import { parseDocument } from 'yaml';
import type { ObservedObject } from '@isthmus/plan';
import { referenceOf } from '../cluster-port.js';
import type { WriteResult } from '../cluster-port.js';
import { objectPath } from './object-path.js';

/** Writes an object as text; the same bytes for the same object. */
export type ToYaml = (object: KubeObject) => string;

const MAX_OBJECT_BYTES = 4 * 1024 * 1024;

/** The files of rendered objects below one folder. */
export interface ObjectFiles {
  /** What stands at an object's place. Anything that is not a regular file with our label in it is foreign. */
  observe(ref: KubeObjectRef): Promise<ObservedObject>;
  /** Creates or replaces an object's file, unless something foreign stands there. */
  write(object: KubeObject): Promise<WriteResult>;
  /** Removes an object's file if it is ours, and its folder once that is empty. */
  remove(ref: KubeObjectRef): Promise<WriteResult>;
  /** Keys of known objects at a path below the folder, or in it if it is one of their folders. */
  keysAt(path: string): string[];
}

/** Files are parsed again only when the file system says that they changed. */
export function objectFiles(out: string, toYaml: ToYaml): ObjectFiles {
  const parsed = new Map<string, { version: string; observed: ObservedObject }>();
  const known = new Map<string, Map<string, string>>();
  const observe = async (ref: KubeObjectRef): Promise<ObservedObject> => {
    const place = objectPath(ref);
    if (!place.ok) return { state: 'unknown', reason: place.reason };
    const names = known.get(place.folder) ?? new Map<string, string>();
    known.set(place.folder, names.set(place.file, objectKey(ref)));
    const folder = await kindOfPath(join(out, place.folder));
    if (folder.kind !== 'folder') return { state: folder.kind === 'absent' ? 'absent' : 'foreign' };
    const path = join(out, place.folder, place.file);
    const found = await kindOfPath(path);
    if (found.kind !== 'file') return { state: found.kind === 'absent' ? 'absent' : 'foreign' };
    const last = parsed.get(path);
    if (last?.version === found.version) return last.observed;
    const observed = await readObject(path);
    parsed.set(path, { version: found.version, observed });
    return observed;
  };
  return {
    observe,
    write: (object) => write({ out, observe }, object, toYaml),
    remove: (ref) => remove({ out, observe }, ref),
    keysAt: (path) => {
      const [folder = '', file] = path.split(sep);
      const names = known.get(folder) ?? new Map<string, string>();
      const key = file === undefined ? undefined : names.get(file);
      return file === undefined ? [...names.values()] : key === undefined ? [] : [key];
    },
  };
}

interface Place {
  out: string;
  observe: ObjectFiles['observe'];
}

async function write(at: Place, object: KubeObject, toYaml: ToYaml): Promise<WriteResult> {
  const ref = referenceOf(object);
  const place = objectPath(ref);
  if (!place.ok) return { outcome: 'refused', reason: place.reason };
  const refusal = await refusalOf(at, ref);
  if (refusal) return refusal;
  const folder = join(at.out, place.folder);
  await mkdir(folder, { recursive: true });
  await atomicWriteFile(join(folder, place.file), toYaml(object));
  return { outcome: 'done' };
}

async function remove(at: Place, ref: KubeObjectRef): Promise<WriteResult> {
  const place = objectPath(ref);
  if (!place.ok) return { outcome: 'refused', reason: place.reason };
  const refusal = await refusalOf(at, ref);
  if (refusal) return refusal;
  const folder = join(at.out, place.folder);
  await rm(join(folder, place.file), { force: true });
  await removeIfEmpty(folder);
  return { outcome: 'done' };
}

async function refusalOf({ observe }: Place, ref: KubeObjectRef): Promise<WriteResult | undefined> {
  const observed = await observe(ref);
  if (observed.state === 'foreign')
    return { outcome: 'refused', reason: 'something that is not ours stands at its place' };
  if (observed.state === 'unknown') return { outcome: 'failed', reason: observed.reason };
  return undefined;
}

async function readObject(path: string): Promise<ObservedObject> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > MAX_OBJECT_BYTES) return { state: 'foreign' };
    const document = parseDocument(text, { uniqueKeys: true });
    const value: unknown = document.errors.length === 0 ? document.toJS({ maxAliasCount: 0 }) : undefined;
    return isOurs(value) ? { state: 'ours', object: value } : foreignOrDamaged(text);
  } catch (error) {
    return { state: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A file that we wrote and somebody cut short still names its manager; healing it is ours. */
function foreignOrDamaged(text: string): ObservedObject {
  const named = text.includes(`${LABELS.managedBy}: ${MANAGED_BY}`);
  return named ? { state: 'ours', object: { apiVersion: '', kind: '', metadata: { name: '' } } } : { state: 'foreign' };
}

function isOurs(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  const { metadata } = value as Partial<KubeObject>;
  return metadata?.labels?.[LABELS.managedBy] === MANAGED_BY;
}

type Found = { kind: 'absent' | 'folder' | 'other' } | { kind: 'file'; version: string };

async function kindOfPath(path: string): Promise<Found> {
  try {
    const info = await lstat(path, { bigint: true });
    if (info.isFile()) return { kind: 'file', version: [info.ino, info.size, info.mtimeNs, info.ctimeNs].join('.') };
    return { kind: info.isDirectory() ? 'folder' : 'other' };
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { kind: absent ? 'absent' : 'other' };
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  if ((await readdir(folder).catch(() => ['?'])).length > 0) return;
  await rmdir(folder).catch(() => undefined);
}
