import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseRecord, RENDER_RECORD } from './render-record.js';

/** What stands at a path; `other` is anything but a plain file in a plain folder. */
export type FileKind = 'file' | 'absent' | 'other';

type Listing = ReadonlyMap<string, FileKind>;

/**
 * The output folder on disk; links are never followed. Each folder in it is listed once, and one call of the operating system
 * does one thing at once: there may be hundreds of thousands of files, and a promise for each of them takes longer than the file.
 */
export class OutputFolder {
  private readonly listings = new Map<string, Listing | Exclude<FileKind, 'file'>>();

  private readonly fresh = new Set<string>();

  constructor(private readonly out: string) {}

  /** The files that the record names; none without record, undefined if there is one that cannot be understood. */
  recorded(): string[] | undefined {
    const path = join(this.out, RENDER_RECORD);
    const info = lstatSync(path, { throwIfNoEntry: false });
    if (info === undefined) return [];
    return info.isFile() ? parseRecord(readFileSync(path, 'utf8')) : undefined;
  }

  /** What stood at `<folder>/<file>` when the folder was listed. */
  kindOf(path: string): FileKind {
    const listing = this.list(dirname(path));
    return typeof listing === 'string' ? listing : (listing.get(basename(path)) ?? 'absent');
  }

  /** Text of the file at the path; undefined if there is none. */
  read(path: string): string | undefined {
    return this.kindOf(path) === 'file' ? readFileSync(join(this.out, path), 'utf8') : undefined;
  }

  /** Replaces one of many files, or makes one in a folder that was not there before; not flushed one by one, because rendering again makes the same bytes. */
  replace(path: string, text: string): void {
    const folder = join(this.out, dirname(path));
    if (this.list(dirname(path)) === 'absent') {
      mkdirSync(folder, { recursive: true });
      this.listings.set(dirname(path), new Map());
      this.fresh.add(folder);
    }
    if (this.fresh.has(folder)) return writeFileSync(join(this.out, path), text);
    const temporary = join(folder, temporaryName(basename(path)));
    try {
      writeFileSync(temporary, text, { flag: 'wx' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      rmSync(temporary, { force: true });
      writeFileSync(temporary, text, { flag: 'wx' });
    }
    renameSync(temporary, join(this.out, path));
  }

  /** Removes files, what a killed render left beside the recorded ones, and folders that are empty then. */
  remove(paths: readonly string[], recorded: readonly string[]): void {
    for (const path of paths) rmSync(join(this.out, path), { force: true });
    for (const path of recorded) {
      const left = join(dirname(path), temporaryName(basename(path)));
      if (this.kindOf(left) === 'file') rmSync(join(this.out, left), { force: true });
    }
    for (const folder of new Set(paths.map(dirname))) removeIfEmpty(join(this.out, folder));
  }

  private list(folder: string): Listing | Exclude<FileKind, 'file'> {
    const listing = this.listings.get(folder) ?? listingOf(join(this.out, folder));
    this.listings.set(folder, listing);
    return listing;
  }
}

const temporaryName = (file: string) => `.${file}.tmp`;

function listingOf(path: string): Listing | Exclude<FileKind, 'file'> {
  const info = lstatSync(path, { throwIfNoEntry: false });
  if (info === undefined) return 'absent';
  if (!info.isDirectory()) return 'other';
  const entries = readdirSync(path, { withFileTypes: true });
  return new Map(entries.map((entry): [string, FileKind] => [entry.name, entry.isFile() ? 'file' : 'other']));
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else's files are in it.
  }
}
