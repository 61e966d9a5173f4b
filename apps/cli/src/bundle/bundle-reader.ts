import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { bundlePath, issue, quote, type BundleFile, type Issue, type IssueCode } from '@isthmus/domain';
import { RENDER_RECORD } from '../offline/render-record.js';
import { decodeText } from './decode-text.js';
import { FileBudget } from './file-budget.js';

/** The files of a bundle on disk, and what could not be read. */
export interface BundleOnDisk {
  files: BundleFile[];
  issues: Issue[];
  /** True if the path is a folder, which can hold a lock of virtual addresses. */
  isFolder: boolean;
}

/**
 * Reads a bundle: a folder with everything below it, or a single file. Sorted by path; links may not leave the folder, nor go round
 * in circles; hidden files, other file types and the output of `render` are left out. Paths are relative to the folder.
 */
export async function readBundle(path: string): Promise<BundleOnDisk> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return refused('there is no such file or folder');
  if (info.isDirectory()) {
    const root = await realpath(path);
    const reader = new FolderReader(root);
    await reader.readFolder('', [root]);
    return { files: reader.files, issues: reader.issues, isFolder: true };
  }
  if (!info.isFile()) return refused('the path is neither a folder nor a regular file');
  const reader = new FolderReader('');
  await reader.readFile(basename(path), path);
  return { files: reader.files, issues: reader.issues, isFolder: false };
}

function refused(message: string): BundleOnDisk {
  return { files: [], issues: [issue('ISM0600', { message })], isFolder: false };
}

class FolderReader {
  readonly files: BundleFile[] = [];
  readonly issues: Issue[] = [];
  private readonly budget = new FileBudget();

  constructor(private readonly root: string) {}

  /** `trail` holds the real paths of the folders around, to notice circles. */
  async readFolder(folder: string, trail: readonly string[]): Promise<void> {
    const real = trail.at(-1) ?? this.root;
    const names = await readdir(real).catch(() => undefined);
    if (names === undefined) return this.note('ISM0601', folder, 'the folder cannot be read');
    if (folder !== '' && names.includes(RENDER_RECORD)) return;
    for (const name of names.sort()) {
      if (name.startsWith('.') || name === 'node_modules') continue;
      await this.readEntry(folder === '' ? name : `${folder}/${name}`, { name, trail });
    }
  }

  private async readEntry(path: string, { name, trail }: { name: string; trail: readonly string[] }): Promise<void> {
    const place = join(trail.at(-1) ?? this.root, name);
    const info = await lstat(place).catch(() => undefined);
    if (info === undefined) return this.note('ISM0601', path, 'the file cannot be read');
    const isLink = info.isSymbolicLink();
    const target = isLink ? await this.follow(path, place) : place;
    if (target === undefined) return;
    const found = isLink ? await stat(target) : info;
    if (!found.isDirectory()) return this.readFile(path, target);
    if (trail.includes(target)) return this.note('ISM0107', path, 'the link goes round in a circle');
    await this.readFolder(path, [...trail, target]);
  }

  /** The real path behind a link, if it lies inside of the bundle. Links that are no part of the bundle are not judged. */
  private async follow(path: string, place: string): Promise<string | undefined> {
    const target = await realpath(place).catch(() => undefined);
    if (target !== undefined && (target === this.root || target.startsWith(this.root + sep))) return target;
    const isFolder = target !== undefined && (await stat(target)).isDirectory();
    if (!isFolder && bundlePath(path).kind === 'ignored') return undefined;
    const message = target === undefined ? 'the link leads nowhere' : 'the link leaves the folder of the bundle';
    this.note('ISM0107', path, message);
    return undefined;
  }

  /** Reads a file through one handle, so that what is judged is what is read; a pipe is not waited for. */
  async readFile(path: string, place: string): Promise<void> {
    if (this.root !== '' && bundlePath(path).kind === 'ignored') return;
    const handle = await open(place, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
    if (handle === undefined) return this.note('ISM0601', path, 'the file cannot be read');
    try {
      const info = await handle.stat();
      if (!info.isFile()) return this.note('ISM0602', path, 'it is no regular file');
      const reason = this.budget.refuse(info.size);
      if (reason !== undefined) return this.note('ISM0105', path, reason);
      const text = decodeText(await handle.readFile());
      if (text === undefined) return this.note('ISM0031', path, 'the file is not UTF-8');
      this.files.push({ path, text });
    } catch {
      this.note('ISM0601', path, 'the file cannot be read');
    } finally {
      await handle.close();
    }
  }

  private note(code: IssueCode, path: string, message: string): void {
    const file = /^[\x20-\x7e]*$/.test(path) ? path || '.' : quote(path);
    this.issues.push(issue(code, { message, source: { file, line: 1, column: 1 } }));
  }
}
