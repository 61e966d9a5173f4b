import { readFileSync, readdirSync, watch, type FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { BenchCluster } from './convergence-fleet.js';

/** Hears of a marker as soon as everything that carries one shows it. */
export type Seen = (marker: number, at: number) => void;

/** What can be seen of a cluster from outside. */
export interface Sight {
  name: string;
  /** Answers how to stop. */
  watch: (seen: Seen) => () => void;
}

/** A cluster that exists only on disk, seen through its files. */
export function directorySight({ name, rendered }: BenchCluster): Sight {
  return { name, watch: (seen) => watchFiles(rendered, seen) };
}

const TIMEOUT = /\btimeout"?: ?"?(\d+)ms\b/g;

/** The markers in rendered YAML or JSON: request timeouts in milliseconds. */
export function markersIn(text: string): number[] {
  return [...text.matchAll(TIMEOUT)].map(([, digits]) => Number(digits));
}

/** The marker that all texts with any show; undefined while some show another. */
export function shownMarker(texts: Iterable<string>): number | undefined {
  const markers = new Set([...texts].flatMap((text) => markersIn(text)));
  const [marker] = markers;
  return markers.size === 1 ? marker : undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Looks as soon as the file system tells of a change, at the files that carry a marker now: a change of it adds none. */
function watchFiles(rendered: string, seen: Seen): () => void {
  const names = readdirSync(rendered, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  const paths = names.map((name) => join(rendered, name)).filter((path) => markersIn(textOf(path)).length > 0);
  const look = (): void => {
    const marker = shownMarker(paths.map((path) => textOf(path)));
    if (marker !== undefined) seen(marker, performance.now());
  };
  const watchers: FSWatcher[] = [...new Set(paths.map((path) => dirname(path)))].map((folder) => watch(folder, look));
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}
