import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';

/** Folders that are watched together: `folder` and those below it, `depth` levels deep. Hidden ones and `exclude` are left out. */
export interface WatchedFolders {
  folder: string;
  depth: number;
  exclude?: string;
}

export interface FolderWatch {
  /** False once events may be missing: then looking now and then is all there is. */
  isAlive(): boolean;
  close(): void;
}

/**
 * Tells paths, relative to the folder, at which something may have changed; null: anywhere. One watch a folder: Node's own recursive
 * watch takes one for each file on Linux and reads the whole folder again at every event in it.
 */
export function watchFolders(watched: WatchedFolders, changed: (path: string | null) => void): FolderWatch {
  const tree = new WatchTree(watched, changed);
  tree.add('', watched.depth);
  return { isAlive: () => tree.isAlive, close: () => tree.close() };
}

class WatchTree {
  isAlive = true;
  #isClosed = false;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(
    private readonly watched: WatchedFolders,
    private readonly changed: (path: string | null) => void,
  ) {}

  /** Watches a folder, then those in it. What came into it before it was watched counts as changed. */
  add(path: string, depth: number): void {
    if (this.#isClosed || this.#at(path) === this.watched.exclude) return;
    this.#drop(path);
    try {
      const watcher = watch(this.#at(path), (event, name) => this.#heard({ path, depth }, event, name));
      watcher.on('error', () => this.#lost(path));
      this.#watchers.set(path, watcher);
    } catch {
      return this.#lost(path);
    }
    if (depth > 0) void this.#addFoldersIn(path, depth);
  }

  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  async #addFoldersIn(path: string, depth: number): Promise<void> {
    const entries = await readdir(this.#at(path), { withFileTypes: true }).catch(() => []);
    for (const entry of entries)
      if (entry.isDirectory() && !isHidden(entry.name)) this.add(join(path, entry.name), depth - 1);
  }

  #heard({ path, depth }: { path: string; depth: number }, event: string, name: string | null): void {
    if (name === null) return this.changed(null);
    const at = join(path, name);
    if (event === 'rename' && path === '' && name === basename(this.watched.folder)) void this.#checkRoot();
    if (event !== 'rename' || depth === 0 || isHidden(name)) return this.changed(at);
    void this.#follow(at, depth - 1).then(() => this.changed(at));
  }

  /** Something came to this place, or left it. */
  async #follow(path: string, depth: number): Promise<void> {
    const info = await lstat(this.#at(path)).catch(() => undefined);
    if (info?.isDirectory() === true) this.add(path, depth);
    else this.#drop(path);
  }

  /** A folder that is gone tells so by its own name; what comes to its place is not heard of. */
  async #checkRoot(): Promise<void> {
    const isThere = await lstat(this.watched.folder).then(
      () => true,
      () => false,
    );
    if (!isThere) this.#lost('');
  }

  /** A folder that goes while it is to be watched is no loss, unless it is the root: its parent tells of what comes after it. */
  #lost(path: string): void {
    void lstat(this.#at(path)).then(
      () => (this.isAlive = false),
      () => (this.isAlive &&= path !== ''),
    );
    this.#drop(path);
  }

  #drop(path: string): void {
    if (!this.#watchers.has(path)) return;
    for (const [other, watcher] of this.#watchers) {
      if (other !== path && !other.startsWith(path + sep) && path !== '') continue;
      watcher.close();
      this.#watchers.delete(other);
    }
  }

  #at(path: string): string {
    return join(this.watched.folder, path);
  }
}

function isHidden(name: string): boolean {
  return name.startsWith('.');
}
