import { readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { expect, it } from 'vitest';
import { letMainThreadGoFirst } from './priority.js';

/** proc(5): the nineteenth field, of which the second, in brackets, may have blanks. */
const niceness = (thread: string): number =>
  Number(readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[16]);

it.runIf(process.platform === 'linux')(
  'has every thread but the main one come later, and may be asked again',
  async () => {
    await stat('.'); // begins the threads of libuv
    const before = getPriority();
    const others = readdirSync('/proc/self/task').filter((thread) => Number(thread) !== process.pid);
    expect(letMainThreadGoFirst()).toBeGreaterThanOrEqual(others.length);
    expect(letMainThreadGoFirst()).toBeGreaterThan(0);
    expect(getPriority()).toBe(before);
    expect(niceness(String(process.pid))).toBe(before);
    for (const thread of others) expect(niceness(thread)).toBe(Math.min(before + 5, 19));
  },
);
