import { expect, it } from 'vitest';
import { boundedFetch, MOST_BYTES } from './bounded-fetch.js';

const answer = (bytes: number) => boundedFetch(`data:application/json,${'1'.repeat(bytes)}`, {});

it('breaks off an answer that is one byte too long', async () => {
  await expect((await answer(MOST_BYTES + 1)).text()).rejects.toThrow('more than');
});

it('gives an answer that is just as long as it may be, and an empty one, as they are', async () => {
  const whole = await answer(MOST_BYTES);
  expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await whole.text()).toHaveLength(MOST_BYTES);
  expect(await (await answer(0)).text()).toBe('');
});
