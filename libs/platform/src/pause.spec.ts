import { describe, expect, it } from 'vitest';
import { pause } from './pause.js';

describe('a pause', () => {
  it('does not begin when the signal was aborted before', async () => {
    await pause(2 ** 30, AbortSignal.abort());
  });

  it('ends when the signal is aborted', async () => {
    const abort = new AbortController();
    const waiting = pause(2 ** 30, abort.signal);
    abort.abort();
    await waiting;
  });

  it('lasts as long as it was asked to while nothing is aborted', async () => {
    const begun = performance.now();
    await pause(20, new AbortController().signal);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(19);
  });
});
