import { lstat, readFile, readdir, realpath } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
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

interface Walk extends ManifestFiles {
  root: string;
  exclude: string;
  bytes: number;
}

/**
 * Reads all `.yaml`, `.yml` and `.json` files below `folder`. Hidden files and `exclude` (the output folder) are left out;
 * symbolic links are followed inside the folder only.
 */
export async function readManifestFiles(folder: string, exclude: string): Promise<ManifestFiles> {
  const walk: Walk = { files: [], problems: [], root: folder, exclude, bytes: 0 };
  try {
    walk.root = await realpath(folder);
    await walkFolder(walk, walk.root, 0);
  } catch (error) {
    walk.problems.push({ path: '', reason: message(error) });
  }
  return { files: walk.files, problems: walk.problems };
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
    const info = await lstat(real);
    if (info.isDirectory()) return await visitFolder(walk, { path, real }, depth);
    if (!info.isFile() || !/\.(ya?ml|json)$/i.test(path)) return;
    await readOne(walk, { path, real, size: info.size });
  } catch (error) {
    problem(walk, path, message(error));
  }
}

async function visitFolder(walk: Walk, { path, real }: { path: string; real: string }, depth: number): Promise<void> {
  if (path !== real && path.startsWith(real + sep))
    return problem(walk, path, 'the symbolic link leads to a folder around it');
  await walkFolder(walk, path, depth + 1);
}

async function readOne(walk: Walk, file: { path: string; real: string; size: number }): Promise<void> {
  if (file.size > MAX_FILE_BYTES) return problem(walk, file.path, `larger than ${String(MAX_FILE_BYTES)} bytes`);
  if (walk.files.length >= MAX_FILES) return problem(walk, file.path, `more than ${String(MAX_FILES)} files`);
  if (walk.bytes + file.size > MAX_TOTAL_BYTES)
    return problem(walk, file.path, `more than ${String(MAX_TOTAL_BYTES)} bytes in all`);
  const bytes = await readFile(file.real);
  walk.bytes += bytes.length;
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  walk.files.push({ path: relative(walk.root, file.path), text });
}

function problem(walk: Walk, path: string, reason: string): void {
  walk.problems.push({ path: relative(walk.root, path), reason });
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
