import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { newReport, type BenchReport, type Measurement } from './report.js';
import { summarise } from './percentiles.js';
import { syntheticBundle, writeBundle } from './synthetic-bundle.js';
import type { FleetSize } from './synthetic-fleet.js';

const CLI = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'cli', 'dist', 'main.js');
const ROUNDS = 3;

/**
 * Validates and renders a made-up bundle with the command line in processes of its own, as its users do: first into an empty
 * folder, then again over the same files. The floor is reading the bundle's files.
 */
export async function bundleBench(size: FleetSize, now: Date): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-bench-'));
  try {
    const [bundle, out] = [join(folder, 'bundle'), join(folder, 'out')];
    const files = syntheticBundle(size);
    await writeBundle(bundle, files);
    const floor = await rounds(() => readAll(bundle, [...files.keys()]));
    const validate = await rounds(() => isthmus(['validate', '-f', bundle]));
    const render = await rounds(async () => {
      await rm(out, { recursive: true, force: true });
      return isthmus(['render', '-f', bundle, '--out', out]);
    });
    const again = await rounds(() => isthmus(['render', '-f', bundle, '--out', out]));
    const written = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.yaml')).length;
    const report = newReport('bundle', { ...size, files: files.size, written }, now);
    const floorName = 'floor: reading the files';
    report.measurements.push(
      measurement(floorName, floor),
      measurement('validate', validate, floorName),
      measurement('render into an empty folder', render, floorName),
      measurement('render again', again, floorName),
    );
    return report;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function measurement(name: string, raw: number[], floor?: string): Measurement {
  return { name, unit: 'ms', raw, summary: summarise(raw), floor };
}

/** How long each of a few rounds takes; the work says itself what of it counts. */
async function rounds(work: () => Promise<number>): Promise<number[]> {
  const raw: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) raw.push(await work());
  return raw;
}

async function readAll(folder: string, paths: readonly string[]): Promise<number> {
  const start = performance.now();
  for (const path of paths) await readFile(join(folder, path), 'utf8');
  return performance.now() - start;
}

/** Wall time of one command in milliseconds. Options of this Node go to it too (--cpu-prof). */
async function isthmus(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [...process.execArgv, CLI, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`isthmus ${args.join(' ')} ended with ${String(code)}: ${said}`);
  return performance.now() - start;
}
