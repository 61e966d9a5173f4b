import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BREAKER_WINDOW_MS, CALM, massDeleteBreaker, noteDeletions } from './mass-delete-breaker.js';

const tripped = (count: number, total: number): boolean => massDeleteBreaker(CALM, { nowMs: 0, count, total }).tripped;

describe('massDeleteBreaker', () => {
  it('trips above 50 deletions, however many objects there are', () => {
    expect(tripped(51, 100_000)).toBe(true);
    expect(tripped(50, 100_000)).toBe(false);
  });

  it('trips above 20 % from 5 deletions on', () => {
    expect(tripped(6, 29)).toBe(true);
    expect(tripped(6, 30)).toBe(false);
    expect(tripped(5, 24)).toBe(true);
    expect(tripped(5, 25)).toBe(false);
    expect(tripped(4, 4)).toBe(false);
  });

  it('adds up small deletions within ten minutes against the most objects that there were', () => {
    const first = massDeleteBreaker(CALM, { nowMs: 0, count: 4, total: 20 });
    const second = massDeleteBreaker(first.state, { nowMs: 1000, count: 1, total: 16 });
    expect(second.tripped).toBe(true);
    const later = massDeleteBreaker(first.state, { nowMs: BREAKER_WINDOW_MS, count: 1, total: 16 });
    expect(later.tripped).toBe(false);
  });

  it('does not count what it held, so that waiting does not make it worse', () => {
    const held = massDeleteBreaker(CALM, { nowMs: 0, count: 60, total: 100 });
    expect(massDeleteBreaker(held.state, { nowMs: 1, count: 4, total: 100 }).tripped).toBe(false);
  });

  it('counts approved deletions against those that follow', () => {
    const state = noteDeletions(CALM, { nowMs: 0, count: 60, total: 100 });
    expect(massDeleteBreaker(state, { nowMs: 1, count: 1, total: 40 }).tripped).toBe(true);
  });

  it('never trips on a wish to delete nothing', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (before, total) => {
        const state = noteDeletions(CALM, { nowMs: 0, count: before, total });
        expect(massDeleteBreaker(state, { nowMs: 1, count: 0, total }).tripped).toBe(false);
      }),
    );
  });
});
