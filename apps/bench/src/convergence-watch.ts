import { readFileSync, readdirSync, watch, type FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { BenchCluster } from './convergence-fleet.js';

/** Texts of a cluster's rendered files by path, or of the objects in its apiserver by key. */
export type RenderedTexts = ReadonlyMap<string, string>;

/** What can be seen of a cluster from outside. */
export interface Sight {
  name: string;
  /** Everything that its agent has written. */
  texts: () => RenderedTexts;
  /** Tells which mode everything shows; what shows parts of two modes shows none. Answers how to stop. */
  watch: (modes: ReadonlyMap<string, RenderedTexts>, seen: (mode: string, at: number) => void) => () => void;
}

/** A cluster that exists only on disk, seen through its files. */
export function directorySight(cluster: BenchCluster): Sight {
  return { name: cluster.name, texts: () => renderedTexts(cluster), watch: watchModes };
}

/** The modes whose texts all are the present ones. */
export function shownModes(modes: ReadonlyMap<string, RenderedTexts>, now: RenderedTexts): string[] {
  return [...modes]
    .filter(([, texts]) => [...texts].every(([key, text]) => now.get(key) === text))
    .map(([mode]) => mode);
}

/** Everything that a cluster's agent has rendered. */
function renderedTexts({ rendered }: BenchCluster): Map<string, string> {
  const names = readdirSync(rendered, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  return new Map(names.sort().map((name) => [join(rendered, name), readFileSync(join(rendered, name), 'utf8')]));
}

/** What the files of one cluster say in each mode: only those that differ from mode to mode. */
export function filesOfModes(texts: ReadonlyMap<string, RenderedTexts>): Map<string, RenderedTexts> {
  const all = [...texts.values()];
  const paths = new Set(all.flatMap((one) => [...one.keys()]));
  const differing = [...paths].filter((path) => new Set(all.map((one) => one.get(path))).size > 1);
  return new Map(
    [...texts].map(([mode, one]) => [mode, new Map(differing.map((path) => [path, one.get(path) ?? '']))]),
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Looks as soon as the file system tells of a change. */
function watchModes(modes: ReadonlyMap<string, RenderedTexts>, seen: (mode: string, at: number) => void): () => void {
  const paths = [...modes.values()].flatMap((one) => [...one.keys()]);
  const look = (): void => {
    const now = new Map(paths.map((path) => [path, textOf(path)]));
    const at = performance.now();
    for (const mode of shownModes(modes, now)) seen(mode, at);
  };
  const watchers: FSWatcher[] = [...new Set(paths.map((path) => dirname(path)))].map((folder) => watch(folder, look));
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}
