import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Progress } from '../output/progress.js';
import { fakeTerminal } from '../terminal.fixture.js';
import type { RenderedCluster } from './render-clusters.js';
import { writeOutput } from './write-output.js';

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'isthmus-output-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const paths = Array.from({ length: 450 }, (_, index) => `east/file-${index}.yaml`);
const east: RenderedCluster = {
  name: 'east',
  paths,
  texts: () => paths.map((path): [string, string] => [path, `${path}\n`]),
};
const write = (clusters: RenderedCluster[], signal = new AbortController().signal) =>
  writeOutput(out, clusters, { progress: new Progress(fakeTerminal().terminal), signal });

it('an interrupted render ends between two files, and the next one goes on from there', async () => {
  expect(await write([east], AbortSignal.abort())).toEqual({ kind: 'interrupted', written: 200 });
  expect(readdirSync(join(out, 'east'))).toHaveLength(200);
  expect(await write([east])).toEqual({ kind: 'written', written: 250, removed: 0, unchanged: 200 });
  expect(readFileSync(join(out, 'east/file-449.yaml'), 'utf8')).toBe('east/file-449.yaml\n');
});

it('what an interrupted render wrote is known, and removed when it is no longer wanted', async () => {
  await write([east], AbortSignal.abort());
  expect(await write([])).toEqual({ kind: 'written', written: 0, removed: 200, unchanged: 0 });
  expect(readdirSync(out)).toEqual(['.isthmus-render.json']);
});
