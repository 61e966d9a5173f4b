import { lstat, readFile, readdir, realpath } from 'node:fs/promises';
import type { BigIntStats, Dirent } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Bounds of a folder of manifests; beyond them the reading is incomplete. */
const MAX_FILES = 20_000;
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;
const MAX_DEPTH = 16;

/** A text found in the folder, `path` relative to it. */
export interface ManifestFile {
  path: string;
  text: string;
}

/** Everything that could be read, in the order of paths, and what could not. */
export interface ManifestFiles {
  files: ManifestFile[];
  problems: { path: string; reason: string }[];
}

/** Texts that were read before, by path, each with the version of its file. */
type Texts = Map<string, { version: string; text: string }>;

interface Walk extends ManifestFiles {
  root: string;
  exclude: string;
  bytes: number;
  known: Texts;
  next: Texts;
}

/**
 * Reads all `.yaml`, `.yml` and `.json` files below `folder`. Hidden files and `exclude` (the output folder) are left out;
 * symbolic links are followed inside the folder only. A file is read again when the file system says that it changed.
 */
export function manifestReader(folder: string, exclude: string): () => Promise<ManifestFiles> {
  let known: Texts = new Map();
  return async () => {
    const walk: Walk = { files: [], problems: [], root: folder, exclude, bytes: 0, known, next: new Map() };
    try {
      walk.root = await realpath(folder);
      await walkFolder(walk, walk.root, 0);
    } catch (error) {
      walk.problems.push({ path: '', reason: message(error) });
    }
    known = walk.next;
    return { files: walk.files, problems: walk.problems };
  };
}

async function walkFolder(walk: Walk, folder: string, depth: number): Promise<void> {
  if (depth > MAX_DEPTH) return problem(walk, folder, `folders are nested deeper than ${String(MAX_DEPTH)}`);
  const entries = await list(walk, folder);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    await visit(walk, join(folder, entry.name), depth);
  }
}

async function list(walk: Walk, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    problem(walk, folder, message(error));
    return [];
  }
}

async function visit(walk: Walk, path: string, depth: number): Promise<void> {
  try {
    const real = await realpath(path);
    if (real === walk.exclude) return;
    if (real !== walk.root && !real.startsWith(walk.root + sep))
      return problem(walk, path, 'the symbolic link leads out of the folder');
    const info = await lstat(real, { bigint: true });
    if (info.isDirectory()) return await visitFolder(walk, { path, real }, depth);
    if (!info.isFile() || !/\.(ya?ml|json)$/i.test(path)) return;
    await readOne(walk, { path, real, size: Number(info.size), version: versionOf(info) });
  } catch (error) {
    problem(walk, path, message(error));
  }
}

async function visitFolder(walk: Walk, { path, real }: { path: string; real: string }, depth: number): Promise<void> {
  if (path !== real && path.startsWith(real + sep))
    return problem(walk, path, 'the symbolic link leads to a folder around it');
  await walkFolder(walk, path, depth + 1);
}

interface FoundFile {
  path: string;
  real: string;
  size: number;
  version: string;
}

function versionOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs, ctimeNs].join('.');
}

async function readOne(walk: Walk, file: FoundFile): Promise<void> {
  if (file.size > MAX_FILE_BYTES) return problem(walk, file.path, `larger than ${String(MAX_FILE_BYTES)} bytes`);
  if (walk.files.length >= MAX_FILES) return problem(walk, file.path, `more than ${String(MAX_FILES)} files`);
  if (walk.bytes + file.size > MAX_TOTAL_BYTES)
    return problem(walk, file.path, `more than ${String(MAX_TOTAL_BYTES)} bytes in all`);
  walk.bytes += file.size;
  const last = walk.known.get(file.path);
  const text = last?.version === file.version ? last.text : await readText(file.real);
  walk.next.set(file.path, { version: file.version, text });
  walk.files.push({ path: relative(walk.root, file.path), text });
}

async function readText(path: string): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
}

function problem(walk: Walk, path: string, reason: string): void {
  walk.problems.push({ path: relative(walk.root, path), reason });
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
