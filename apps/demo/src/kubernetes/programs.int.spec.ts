import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildPrograms } from './build-programs.js';
import { programsFault } from './programs.js';

let dir: string;
const [never, silent] = [new AbortController().signal, (): void => undefined];

async function program(folder: string, name: string, mode = 0o755): Promise<void> {
  const file = join(dir, folder, name);
  await mkdir(join(dir, folder), { recursive: true });
  await writeFile(file, '');
  await chmod(file, mode);
}

const fault = (): string | undefined =>
  programsFault({ kubernetes: [join(dir, 'assets'), join(dir, 'cache')], programs: [join(dir, 'path')] });

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-programs-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the programs of real clusters', () => {
  it('are named when they are missing, with every way to get them', () => {
    expect(fault()).toMatch(/^ISM0706 .*needs etcd, kube-apiserver, crd-all\.gen\.yaml, not found in /);
    for (const way of [join(dir, 'cache'), 'Go 1.26', 'KUBEBUILDER_ASSETS', '--clusters directory'])
      expect(fault()).toContain(way);
  });

  it('are named one by one', async () => {
    await program('cache', 'etcd');
    await program('cache', 'kube-apiserver', 0o644);
    await program('assets', 'crd-all.gen.yaml', 0o644);
    expect(fault()).toMatch(/needs kube-apiserver, not found/);
    await program('cache', 'kube-apiserver');
    expect(fault()).toBeUndefined();
  });

  it('are no fault where Go can build them', async () => {
    await program('path', 'go');
    expect(fault()).toBeUndefined();
  });

  it('that cannot be built end the start with the last words of the build', async () => {
    const script = join(dir, 'build.sh');
    await writeFile(script, 'echo missing: "$2"; echo "go: no such module" >&2; exit 7');
    const steps: string[] = [];
    const building = buildPrograms((text) => steps.push(text), { signal: never, script, missing: ['etcd', 'x'] });
    await expect(building).rejects.toThrow(/^ISM0708 etcd, x .* code 7\n(?=[^]*go: no such module)[^]*missing: etcd x/);
    expect(steps).toEqual([expect.stringContaining('building etcd, x'), 'missing: etcd x']);
  });

  it('are built no further when the start is stopped', async () => {
    const script = join(dir, 'build.sh');
    await writeFile(script, 'sleep 600 & echo $!; wait');
    const stop = new AbortController();
    let sleeper = 0;
    const step = (text: string): void => {
      if (/^\d+$/.test(text)) sleeper = Number(text);
      if (sleeper > 0) stop.abort();
    };
    await expect(buildPrograms(step, { signal: stop.signal, script, missing: ['etcd'] })).rejects.toThrow('a signal');
    // A process that was killed has its number until its new parent has looked at it.
    await vi.waitFor(() => expect(() => process.kill(sleeper, 0)).toThrow('ESRCH'), { timeout: 10_000 });
  });

  it('are not built when there is nothing to build', async () => {
    await buildPrograms(silent, { signal: never, script: join(dir, 'none.sh'), missing: [] });
  });
});
