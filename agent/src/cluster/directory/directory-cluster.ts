import { randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { inventoryFromManifests, MESH_CONFIG_KINDS } from '@isthmus/domain';
import type { Issue } from '@isthmus/domain';
import { atomicWriteFile } from '@isthmus/platform';
import type { ClusterPort, HoldOutcome, InventoryReading, WatchHint } from '../cluster-port.js';
import { packInventory } from '../packed-inventory.js';
import { agentIssue } from '../../report/agent-issue.js';
import { manifestReader } from './manifest-files.js';
import type { ManifestFiles } from './manifest-files.js';
import { objectFiles } from './object-files.js';
import type { ToYaml } from './object-files.js';
import { removeDrafts } from './drafts.js';
import { takeFolderLock } from './folder-lock.js';
import { watchFolders } from './folder-watch.js';
import { parseManifests } from './parse-manifests.js';
import { recordFile } from './record-file.js';

export interface DirectoryClusterOptions {
  /** Kubernetes manifests of the cluster, read only. */
  manifests: string;
  /** Where rendered objects go; files in it that are not ours are never touched. */
  out: string;
  toYaml: ToYaml;
  /** How often the folder is read again whatever the file system tells; default 15 s. */
  pollMs?: number;
}

/** A cluster made of two folders: manifests in, rendered YAML out, with the record of owned objects beside the output. */
export async function openDirectoryCluster(options: DirectoryClusterOptions): Promise<ClusterPort> {
  await mkdir(options.out, { recursive: true });
  const out = await realpath(options.out);
  const state = join(out, '.isthmus');
  const record = recordFile(state);
  const files = objectFiles(out, options.toYaml);
  const read = cachedReading();
  const manifests = manifestReader(options.manifests, out);
  return {
    kind: 'directory',
    uid: () => directoryUid(state),
    hold: () => holdFolder(out, state),
    readInventory: async () => read(await manifests()),
    watch: (changed) =>
      watchBoth(
        {
          manifests: options.manifests,
          out,
          pollMs: options.pollMs ?? 15_000,
          changedAt: (path) => files.changedAt(path),
        },
        changed,
      ),
    loadRecord: () => record.load(),
    saveRecord: async (next) => {
      await files.syncRemovals();
      await record.save(next);
    },
    parallel: 8,
    observe: (ref) => files.observe(ref),
    read: (ref) => files.read(ref),
    apply: (object) => files.write(object),
    remove: (ref) => files.remove(ref),
  };
}

async function holdFolder(out: string, state: string): Promise<HoldOutcome> {
  const hold = await takeFolderLock(join(state, 'agent.lock'));
  if (hold.outcome === 'held') await removeDrafts(out);
  return hold;
}

/** Files that did not change are not parsed again: the same reading comes back. */
function cachedReading(): (files: ManifestFiles) => InventoryReading {
  let last: { files: ManifestFiles; reading: InventoryReading } | undefined;
  return (files) => {
    if (last === undefined || !isDeepStrictEqual(last.files, files)) last = { files, reading: toReading(files) };
    return last.reading;
  };
}

async function directoryUid(state: string): Promise<string> {
  const path = join(state, 'cluster-uid');
  const known = await readFile(path, 'utf8').catch(() => '');
  if (/^[0-9a-f-]{36}$/.test(known.trim())) return known.trim();
  await mkdir(state, { recursive: true });
  const uid = randomUUID();
  await atomicWriteFile(path, `${uid}\n`);
  return uid;
}

function toReading({ files, problems }: ManifestFiles): InventoryReading {
  const parsed = parseManifests(files);
  const { inventory: found, issues } = inventoryFromManifests(parsed.objects);
  const inventory = { ...found, mesh: { ...found.mesh, configKinds: [...MESH_CONFIG_KINDS] } };
  const all: Issue[] = [...problems.map(unreadable), ...parsed.issues, ...issues];
  const complete =
    problems.length === 0 && parsed.issues.length === 0 && issues.every(({ severity }) => severity !== 'ERROR');
  const unreadableNames = inventory.namespaces.filter(({ readable }) => !readable).map(({ name }) => name);
  return { inventory: packInventory(inventory), complete, unreadable: unreadableNames, issues: all };
}

function unreadable({ path, reason }: { path: string; reason: string }): Issue {
  return agentIssue('ISM0410', {
    message: `${path === '' ? 'the manifests folder' : path} cannot be read: ${reason}`,
    path: '',
  });
}

interface Watched {
  manifests: string;
  out: string;
  pollMs: number;
  changedAt: (path: string) => Promise<string[]>;
}

const MANIFEST_LEVELS = 16;
/** Events of a file come in twos and threes; they are looked into together. */
const GATHER_MS = 10;

/** Manifests are read again by events and now and then; rendered files by events, and now and then where there are none. */
function watchBoth({ manifests, out, pollMs, changedAt }: Watched, changed: (hint?: WatchHint) => void): () => void {
  const inventory: WatchHint = { what: 'inventory' };
  const content = watchFolders({ folder: manifests, depth: MANIFEST_LEVELS, exclude: out }, () => changed(inventory));
  const seen = gathered(async (paths) => {
    for (const path of paths) for (const key of await changedAt(path)) changed({ what: 'object', key });
  });
  const objects = watchFolders({ folder: out, depth: 1 }, (path) => (path === null ? changed() : seen(path)));
  const poll = setInterval(() => changed(objects.isAlive() ? inventory : undefined), pollMs);
  return () => {
    clearInterval(poll);
    content.close();
    objects.close();
  };
}

/** Takes paths one by one and hands them on together, each once. */
function gathered(work: (paths: ReadonlySet<string>) => Promise<void>): (path: string) => void {
  let paths = new Set<string>();
  return (path) => {
    if (paths.add(path).size > 1) return;
    setTimeout(() => {
      const batch = paths;
      paths = new Set();
      void work(batch);
    }, GATHER_MS);
  };
}
