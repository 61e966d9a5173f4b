// @vitest-environment jsdom
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { useGrowing } from './use-growing.js';

// What still grows would be drawn after the page of the test is gone.
afterEach(cleanup);

const growing = (all: number) => {
  const seen: number[] = [];
  const hook = renderHook(
    ({ count, of }) => {
      seen.push(useGrowing(count, of));
      return seen.at(-1);
    },
    { initialProps: { count: all, of: 'a' } },
  );
  return { ...hook, seen };
};

it('draws few things at once, and all of them from the start', () => {
  expect(growing(0).seen).toEqual([0]);
  expect(growing(60).seen).toEqual([60]);
});

it('draws many by and by, and never more than there are', async () => {
  const { result, seen } = growing(150);
  expect(result.current).toBe(60);
  await expect.poll(() => result.current).toBe(150);
  expect(seen).toContain(120);
});

it('begins anew with other things, and goes on where only some came', async () => {
  const { result, rerender } = growing(150);
  await expect.poll(() => result.current).toBe(150);
  rerender({ count: 151, of: 'a' });
  expect(result.current).toBe(151);
  rerender({ count: 150, of: 'b' });
  expect(result.current).toBe(60);
});
