import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BREAKER_LIMITS,
  FRESH_WINDOW,
  approvalCovers,
  heldSetHash,
  massDeleteBreaker,
  noteDeletions,
  observeTotal,
  type BreakerWindow,
} from './breaker.js';

const judge = (
  count: number,
  total: number,
  { window = FRESH_WINDOW, now = 0 }: { window?: BreakerWindow; now?: number } = {},
) => massDeleteBreaker(window, { count, total, now });

describe('the mass-delete breaker', () => {
  it('trips above fifty, and lets fifty pass', () => {
    expect(judge(51, 10_000).allowed).toBe(false);
    expect(judge(50, 10_000).allowed).toBe(true);
  });

  it('trips above a fifth with at least five, and lets exactly a fifth or fewer than five pass', () => {
    expect(judge(6, 25).allowed).toBe(false);
    expect(judge(5, 24).allowed).toBe(false);
    expect(judge(5, 25).allowed).toBe(true);
    expect(judge(4, 4).allowed).toBe(true);
  });

  it('adds up what happened in the last ten minutes, and forgets what is older', () => {
    const once = judge(30, 1000).window;
    expect(judge(21, 970, { window: once, now: BREAKER_LIMITS.windowMs - 1 }).allowed).toBe(false);
    expect(judge(20, 970, { window: once, now: BREAKER_LIMITS.windowMs - 1 }).allowed).toBe(true);
    expect(judge(50, 970, { window: once, now: BREAKER_LIMITS.windowMs }).allowed).toBe(true);
  });

  it('measures the share against the largest total of the window, so that slices do not add up unseen', () => {
    let window = FRESH_WINDOW;
    let total = 100;
    let deleted = 0;
    for (let now = 0; now < 100; now += 1) {
      const verdict = judge(4, total, { window: window, now: now });
      window = verdict.window;
      if (verdict.allowed) {
        total -= 4;
        deleted += 4;
      }
    }
    expect(deleted).toBe(20);
    const grown = observeTotal(FRESH_WINDOW, { now: 0, total: 200 });
    expect(judge(20, 60, { window: grown, now: 1 }).allowed).toBe(true);
    expect(judge(20, 60, { window: grown, now: BREAKER_LIMITS.windowMs }).allowed).toBe(false);
  });

  it('holds a request whole and does not count it', () => {
    const held = judge(60, 100).window;
    expect(held.deletions).toEqual([]);
    expect(judge(5, 100, { window: held, now: 1 }).allowed).toBe(true);
  });

  it('counts deletions that its owner notes', () => {
    const noted = noteDeletions(FRESH_WINDOW, { now: 0, count: 48, total: 1000 });
    expect(judge(3, 952, { window: noted, now: 1 }).allowed).toBe(false);
    expect(judge(2, 952, { window: noted, now: 1 }).allowed).toBe(true);
    expect(noteDeletions(FRESH_WINDOW, { now: 0, count: 0, total: 1000 }).deletions).toEqual([]);
  });

  it('lets a request without deletions pass, whatever happened', () => {
    const full = noteDeletions(FRESH_WINDOW, { now: 0, count: 500, total: 1000 });
    expect(judge(0, 500, { window: full, now: 1 }).allowed).toBe(true);
  });

  it('never lets more than fifty go within ten minutes, nor more than a fifth of the maximum from five on', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 200_000 }), count: fc.nat(60), grow: fc.nat(30) });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.array(step, { maxLength: 40 }), (start, steps) => {
        let [now, total, window]: [number, number, BreakerWindow] = [0, start, FRESH_WINDOW];
        const gone: { at: number; count: number }[] = [];
        const totals: { at: number; total: number }[] = [];
        for (const { wait, count, grow } of steps) {
          now += wait;
          total += grow;
          const asked = Math.min(count, total);
          totals.push({ at: now, total });
          const verdict = massDeleteBreaker(window, { now, count: asked, total });
          window = verdict.window;
          if (!verdict.allowed) continue;
          gone.push({ at: now, count: asked });
          total -= asked;
          const recent = gone
            .filter(({ at }) => now - at < BREAKER_LIMITS.windowMs)
            .reduce((sum, item) => sum + item.count, 0);
          const maximum = Math.max(
            ...totals.filter(({ at }) => now - at < BREAKER_LIMITS.windowMs).map((item) => item.total),
          );
          if (asked > 0) expect(recent <= 50 && (recent < 5 || recent <= maximum * 0.2)).toBe(true);
        }
      }),
    );
  });
});

describe('an approval', () => {
  const shown = ['b', 'a', 'c'];

  it('lapses when the set grows or another set was approved', () => {
    expect(approvalCovers({ setHash: heldSetHash(shown), shown }, ['a', 'd'])).toBe(false);
    expect(approvalCovers({ setHash: heldSetHash(['a']), shown }, ['a'])).toBe(false);
  });

  it('covers the shown set and what is left of it, in any order', () => {
    expect(heldSetHash(['a', 'b', 'c'])).toBe(heldSetHash(['c', 'b', 'a', 'a']));
    expect(approvalCovers({ setHash: heldSetHash(shown), shown }, ['c', 'b', 'a'])).toBe(true);
    expect(approvalCovers({ setHash: heldSetHash(shown), shown }, ['c'])).toBe(true);
  });
});
