import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { endGroup } from './build-programs.js';

it('ends a group of processes that runs, and has nothing against one that has ended meanwhile', async () => {
  const group = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  endGroup(group.pid);
  expect(await once(group, 'exit')).toEqual([null, 'SIGKILL']);
  expect(() => endGroup(group.pid)).not.toThrow();
  expect(() => endGroup(undefined)).not.toThrow();
});
