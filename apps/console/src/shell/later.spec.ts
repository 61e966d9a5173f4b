// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { forgetFailedStyles, patiently } from './later.js';

/** Loads that end one after the other, and whether the server is there after each that failed. */
function world(loads: readonly (string | Error)[], there: readonly boolean[]) {
  const counts = { loads: 0, looks: 0, waits: 0 };
  const load = (): Promise<string> => {
    const one = loads[counts.loads++] ?? new Error('asked too often');
    return one instanceof Error ? Promise.reject(one) : Promise.resolve(one);
  };
  const isThere = (): Promise<boolean> => Promise.resolve(there[counts.looks++] ?? false);
  const wait = (): Promise<void> => Promise.resolve(void counts.waits++);
  return { counts, result: () => patiently(load, { isThere, wait }) };
}
const failed = new Error('Failed to fetch dynamically imported module');

it('throws what a server that is there has not, after it was asked once more', async () => {
  const { result, counts } = world([failed, failed], [true, true]);
  await expect(result()).rejects.toBe(failed);
  expect(counts).toEqual({ loads: 2, looks: 2, waits: 0 });
});

it('waits for a server that cannot be reached, however often', async () => {
  const { result, counts } = world([failed, failed, failed, 'page'], [false, false, false]);
  expect(await result()).toBe('page');
  expect(counts).toEqual({ loads: 4, looks: 3, waits: 3 });
});

it('does not take a server that is back since the failure for one of another release', async () => {
  const { result, counts } = world([failed, 'page'], [true]);
  expect(await result()).toBe('page');
  expect(counts).toEqual({ loads: 2, looks: 1, waits: 0 });
});

it('begins anew to doubt a server that went away again', async () => {
  const { result } = world([failed, failed, failed, 'page'], [true, false, true]);
  expect(await result()).toBe('page');
});

it('looks for the server no more once it has what it wants', async () => {
  const { result, counts } = world(['page'], []);
  expect(await result()).toBe('page');
  expect(counts.looks).toBe(0);
});

it('forgets styles that failed, and nothing else', () => {
  document.head.innerHTML =
    '<link rel="stylesheet" href="a.css"><link rel="modulepreload" href="a.js"><script></script>';
  for (const one of [...document.head.children, null, window]) forgetFailedStyles(one);
  expect([...document.head.children].map(({ tagName }) => tagName)).toEqual(['LINK', 'SCRIPT']);
});
