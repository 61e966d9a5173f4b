import { lstat, mkdir, readFile, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LABELS, MANAGED_BY } from '@isthmus/domain';
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

/** What stands at an object's place. Anything that is not a regular file with our label in it is foreign. */
export async function observeFile(out: string, ref: KubeObjectRef): Promise<ObservedObject> {
  const place = objectPath(ref);
  if (!place.ok) return { state: 'unknown', reason: place.reason };
  const folder = await kindOfPath(join(out, place.folder));
  if (folder === 'absent') return { state: 'absent' };
  if (folder !== 'folder') return { state: 'foreign' };
  const path = join(out, place.folder, place.file);
  const kind = await kindOfPath(path);
  if (kind === 'absent') return { state: 'absent' };
  if (kind !== 'file') return { state: 'foreign' };
  return readObject(path);
}

/** Creates or replaces an object's file, unless something foreign stands there. */
export async function writeFile(out: string, object: KubeObject, toYaml: ToYaml): Promise<WriteResult> {
  const ref = referenceOf(object);
  const place = objectPath(ref);
  if (!place.ok) return { outcome: 'refused', reason: place.reason };
  const refusal = await refusalOf(out, ref);
  if (refusal) return refusal;
  const folder = join(out, place.folder);
  await mkdir(folder, { recursive: true });
  await atomicWriteFile(join(folder, place.file), toYaml(object));
  return { outcome: 'done' };
}

/** Removes an object's file if it is ours, and its folder once that is empty. */
export async function removeFile(out: string, ref: KubeObjectRef): Promise<WriteResult> {
  const place = objectPath(ref);
  if (!place.ok) return { outcome: 'refused', reason: place.reason };
  const refusal = await refusalOf(out, ref);
  if (refusal) return refusal;
  const folder = join(out, place.folder);
  await rm(join(folder, place.file), { force: true });
  await removeIfEmpty(folder);
  return { outcome: 'done' };
}

async function refusalOf(out: string, ref: KubeObjectRef): Promise<WriteResult | undefined> {
  const observed = await observeFile(out, ref);
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

async function kindOfPath(path: string): Promise<'absent' | 'file' | 'folder' | 'other'> {
  try {
    const info = await lstat(path);
    if (info.isFile()) return 'file';
    return info.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'absent';
    return 'other';
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  if ((await readdir(folder).catch(() => ['?'])).length > 0) return;
  await rmdir(folder).catch(() => undefined);
}
