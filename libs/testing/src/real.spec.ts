import { describe, expect, it } from 'vitest';
import { real, skippedName } from './real.js';

describe('real', () => {
  it('names the part and the reason of a skip on one line', () => {
    expect(skippedName('the queue', { part: 'valkey', reason: 'no server\n  found' })).toBe(
      'the queue [needs valkey: no server found]',
    );
  });
});

const present = await real('postgres', () => undefined);
present('a suite whose part is there', () => {
  it('runs', () => {
    expect(true).toBe(true);
  });
});
