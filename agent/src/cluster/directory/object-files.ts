import { mkdir, readFile, readdir, rm, rmdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { objectKey } from '@isthmus/domain';
import type { KubeObject, KubeObjectRef } from '@isthmus/domain';
import { renderedHash } from '@isthmus/meshes';
import { atomicWriteFile, syncFolder } from '@isthmus/platform';
import type { ObservedObject } from '@isthmus/plan';
import { referenceOf } from '../cluster-port.js';
import type { ReadObject, WriteResult } from '../cluster-port.js';
import { objectPath } from './object-path.js';
import { objectIn, observedIn } from './observed-text.js';
import { kindOfPath } from './path-kind.js';

/** Writes an object as text; the same bytes for the same object. */
export type ToYaml = (object: KubeObject) => string;

/** The files of rendered objects below one folder. */
export interface ObjectFiles {
  /** What stands at an object's place. Anything that is not a regular file with our label in it is foreign. */
  observe(ref: KubeObjectRef): Promise<ObservedObject>;
  /** The content of an object's file, if it is ours and whole. */
  read(ref: KubeObjectRef): Promise<ReadObject>;
  /**
   * Creates or replaces an object's file, unless something foreign stands there. It is not flushed to disk: after a loss of power the
   * file may be the old one, or empty; the record, which is flushed before, names it, and it is read and written again.
   */
  write(object: KubeObject): Promise<WriteResult>;
  /** Removes an object's file if it is ours, and its folder once that is empty. */
  remove(ref: KubeObjectRef): Promise<WriteResult>;
  /** Flushes removals to disk: what the record forgets after this cannot come back. */
  syncRemovals(): Promise<void>;
  /** Keys of known objects at a path below the folder, or in it if it is one of their folders, that are not as they were seen last. */
  changedAt(path: string): Promise<string[]>;
}

/** What was seen at a place, and of which version of the file; no version: no file. */
interface KnownFile {
  key: string;
  version?: string;
  observed?: ObservedObject;
  writing?: Promise<unknown>;
}

/** Files are parsed again only when the file system says that they changed. */
export function objectFiles(out: string, toYaml: ToYaml): ObjectFiles {
  return new FilesBelow(out, toYaml);
}

class FilesBelow implements ObjectFiles {
  readonly #known = new Map<string, Map<string, KnownFile>>();
  readonly #unsynced = new Set<string>();

  constructor(
    private readonly out: string,
    private readonly toYaml: ToYaml,
  ) {}

  async observe(ref: KubeObjectRef): Promise<ObservedObject> {
    const place = objectPath(ref);
    if (!place.ok) return { state: 'unknown', reason: place.reason };
    const known = this.#knownAt(place, ref);
    const folder = await kindOfPath(join(this.out, place.folder));
    if (folder.kind !== 'folder') return forget(known, folder.kind === 'absent' ? 'absent' : 'foreign');
    const path = join(this.out, place.folder, place.file);
    const found = await kindOfPath(path);
    if (found.kind !== 'file') return forget(known, found.kind === 'absent' ? 'absent' : 'foreign');
    if (known.version === found.version && known.observed !== undefined) return known.observed;
    const observed = await readObject(path);
    Object.assign(known, { version: found.version, observed });
    return observed;
  }

  async read(ref: KubeObjectRef): Promise<ReadObject> {
    const place = objectPath(ref);
    if (!place.ok) return { state: 'unknown', reason: place.reason };
    const observed = await this.observe(ref);
    if (observed.state === 'unknown') return observed;
    if (observed.state !== 'ours') return { state: 'absent' };
    return readContent(join(this.out, place.folder, place.file));
  }

  async write(object: KubeObject): Promise<WriteResult> {
    const ref = referenceOf(object);
    const place = objectPath(ref);
    if (!place.ok) return { outcome: 'refused', reason: place.reason };
    const known = this.#knownAt(place, ref);
    const writing = this.#replace(object, { ref, ...place }, known);
    known.writing = writing;
    try {
      return await writing;
    } finally {
      delete known.writing;
    }
  }

  async remove(ref: KubeObjectRef): Promise<WriteResult> {
    const place = objectPath(ref);
    if (!place.ok) return { outcome: 'refused', reason: place.reason };
    const refusal = refusalOf(await this.observe(ref));
    if (refusal) return refusal;
    const folder = join(this.out, place.folder);
    await rm(join(folder, place.file), { force: true });
    this.#unsynced.add(folder);
    forget(this.#knownAt(place, ref), 'absent');
    await removeIfEmpty(folder);
    return { outcome: 'done' };
  }

  async syncRemovals(): Promise<void> {
    for (const folder of this.#unsynced) {
      const isGone = (await kindOfPath(folder)).kind === 'absent';
      await syncFolder(isGone ? this.out : folder);
      this.#unsynced.delete(folder);
    }
  }

  async changedAt(path: string): Promise<string[]> {
    const [folder = '', file] = path.split(sep);
    const files = this.#known.get(folder) ?? new Map<string, KnownFile>();
    const keys: string[] = [];
    for (const name of file === undefined ? files.keys() : [file]) {
      const known = files.get(name);
      if (known === undefined) continue;
      await known.writing?.catch(() => undefined);
      const found = await kindOfPath(join(this.out, folder, name));
      const version = found.kind === 'file' ? found.version : undefined;
      if (version !== known.version || found.kind === 'other') keys.push(known.key);
    }
    return keys;
  }

  async #replace(
    object: KubeObject,
    { ref, folder, file }: { ref: KubeObjectRef; folder: string; file: string },
    known: KnownFile,
  ): Promise<WriteResult> {
    const observed = await this.observe(ref);
    const refusal = refusalOf(observed);
    if (refusal) return refusal;
    const path = join(this.out, folder, file);
    if ((await kindOfPath(join(this.out, folder))).kind === 'absent')
      await mkdir(join(this.out, folder), { recursive: true });
    await atomicWriteFile(path, this.toYaml(object), { durable: false });
    const made = await kindOfPath(path);
    if (made.kind !== 'file') return { outcome: 'failed', reason: 'it was taken away while it was written' };
    const written: ObservedObject = { state: 'ours', hash: renderedHash(object), isEdited: false };
    Object.assign(known, { version: made.version, observed: written });
    return { outcome: 'done' };
  }

  #knownAt({ folder, file }: { folder: string; file: string }, ref: KubeObjectRef): KnownFile {
    const files = this.#known.get(folder) ?? new Map<string, KnownFile>();
    this.#known.set(folder, files);
    const known = files.get(file) ?? { key: objectKey(ref) };
    files.set(file, known);
    return known;
  }
}

function forget(known: KnownFile, state: 'absent' | 'foreign'): ObservedObject {
  delete known.version;
  delete known.observed;
  return { state };
}

function refusalOf(observed: ObservedObject): WriteResult | undefined {
  if (observed.state === 'foreign')
    return { outcome: 'refused', reason: 'something that is not ours stands at its place' };
  if (observed.state === 'unknown') return { outcome: 'failed', reason: observed.reason };
  return undefined;
}

async function readObject(path: string): Promise<ObservedObject> {
  try {
    return observedIn(await readFile(path, 'utf8'));
  } catch (error) {
    return { state: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function readContent(path: string): Promise<ReadObject> {
  try {
    const object = objectIn(await readFile(path, 'utf8'));
    return object === undefined ? { state: 'absent' } : { state: 'ours', object };
  } catch (error) {
    return { state: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  if ((await readdir(folder).catch(() => ['unknown'])).length > 0) return;
  await rmdir(folder).catch(() => undefined);
}
