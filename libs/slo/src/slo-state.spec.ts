import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOf } from './indicator.js';
import { evaluate, STALE_AFTER_SECONDS } from './slo-report.js';
import { emptyState, MINUTES_ONLY_SECONDS, step, windowStart, type MinuteEvents } from './slo-state.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const now = 1_800_000_000;
const objective = { objectivePpm: 990_000 };
const minute = (back: number, more: Partial<MinuteEvents> = {}): MinuteEvents => ({
  cluster: 'east',
  minute: Math.floor(now / 60) * 60 - back * 60,
  good: 99,
  total: 100,
  uncertain: 0,
  ...more,
});

describe('events of a sample', () => {
  const sample = { host: 'h', total: 10, errors: 2, durations: { bounds: [100, 200], counts: [5, 3, 2] } };

  it('are none for a latency that nobody measured', () => {
    expect(eventsOf({ indicator: 'LATENCY', thresholdMs: 100 }, { host: 'h', total: 10, errors: 0 })).toEqual({
      good: 0,
      total: 0,
      uncertain: 0,
    });
  });

  it('count failed requests as bad for AVAILABILITY', () => {
    expect(eventsOf({ indicator: 'AVAILABILITY' }, sample)).toEqual({ good: 8, total: 10, uncertain: 0 });
  });

  it('count slow requests as bad for LATENCY, and those that cannot be told too', () => {
    expect(eventsOf({ indicator: 'LATENCY', thresholdMs: 200 }, sample)).toEqual({ good: 8, total: 10, uncertain: 0 });
    expect(eventsOf({ indicator: 'LATENCY', thresholdMs: 199 }, sample)).toEqual({ good: 5, total: 10, uncertain: 3 });
  });
});

describe('a step', () => {
  it('leaves out minutes from before the window and from the future', () => {
    const state = step(emptyState(HOUR), [minute(62), minute(-2)], now);
    expect(state).toEqual(emptyState(HOUR));
  });

  it('takes the first minute of the window and the one that begins next', () => {
    const state = step(emptyState(HOUR), [minute(60), minute(-1)], now);
    expect(state.slots.map(({ start }) => start)).toEqual([minute(60).minute, minute(-1).minute]);
  });

  it('counts a minute of a cluster once, however often it arrives', () => {
    const once = step(emptyState(HOUR), [minute(5)], now);
    expect(step(once, [minute(5)], now)).toEqual(once);
    expect(step(once, [minute(6)], now)).toEqual(once);
    expect(step(emptyState(HOUR), [minute(5), minute(5, { cluster: 'west' })], now).slots).toEqual([
      { start: minute(5).minute, good: 198, total: 200, uncertain: 0 },
    ]);
  });

  it('adds up the hosts of a minute that come together', () => {
    const state = step(emptyState(HOUR), [minute(5), minute(5, { good: 1, total: 1 })], now);
    expect(state.slots).toEqual([{ start: minute(5).minute, good: 100, total: 101, uncertain: 0 }]);
  });

  it('forgets what left the window', () => {
    const state = step(emptyState(HOUR), [minute(5)], now);
    expect(step(state, [], now + HOUR - 6 * 60).slots).toHaveLength(1);
    expect(step(state, [], now + HOUR).slots).toHaveLength(0);
  });

  it('keeps at most about a thousand slots, of whole minutes', () => {
    for (const window of [60, HOUR, DAY, 7 * DAY, 28 * DAY, 90 * DAY]) {
      const { slotSeconds } = emptyState(window);
      expect(slotSeconds % 60).toBe(0);
      expect(window / slotSeconds).toBeLessThanOrEqual(1000);
    }
    expect(emptyState(HOUR).slotSeconds).toBe(60);
    expect(emptyState(6 * HOUR, 72).slotSeconds).toBe(5 * 60);
  });

  it('has slots that divide an hour up to two days, and of whole hours beyond', () => {
    for (const window of [60, HOUR, 6 * HOUR, DAY, MINUTES_ONLY_SECONDS]) {
      expect(HOUR % emptyState(window).slotSeconds).toBe(0);
    }
    for (const window of [MINUTES_ONLY_SECONDS + 60, 7 * DAY, 28 * DAY, 90 * DAY]) {
      expect(emptyState(window).slotSeconds % HOUR).toBe(0);
    }
    expect(emptyState(90 * DAY).slotSeconds).toBe(3 * HOUR);
  });

  it('comes to the same in one step or in many, and its order of minutes inside a call does not matter', () => {
    const events = fc.array(
      fc.record({ back: fc.nat(120), cluster: fc.constantFrom('east', 'west'), total: fc.nat(100) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(events, fc.constantFrom(HOUR, 2 * HOUR), (raw, window) => {
        const unique = new Map(raw.map((one) => [`${one.back} ${one.cluster}`, one]));
        const all = [...unique.values()].map(({ back, cluster, total }) =>
          minute(back, { cluster, good: total, total }),
        );
        const sorted = [...all].sort((a, b) => a.minute - b.minute);
        const whole = step(emptyState(window), all, now);
        const stepwise = sorted.reduce((state, one) => step(state, [one], now), emptyState(window));
        expect(stepwise).toEqual(whole);
        const oldest = windowStart(whole, now);
        const expected = all.filter((one) => one.minute >= oldest).reduce((sum, { total }) => sum + total, 0);
        expect(whole.slots.reduce((sum, { total }) => sum + total, 0)).toBe(expected);
      }),
    );
  });

  it('does not change the state that it is given, which is plain data', () => {
    const state = step(emptyState(HOUR), [minute(5)], now);
    const text = JSON.stringify(state);
    const again = step(JSON.parse(text) as typeof state, [minute(4)], now);
    expect(step(state, [minute(4)], now)).toEqual(again);
    expect(JSON.stringify(state)).toBe(text);
  });
});

describe('a report', () => {
  it('has no data without requests, and is then never met', () => {
    const report = evaluate(objective, emptyState(HOUR), now);
    expect(report).toEqual({
      status: 'NO_DATA',
      events: { good: 0, total: 0, uncertain: 0 },
      objective: 0.99,
      coverage: 0,
      freshness: [],
      simulated: false,
    });
    expect(evaluate(objective, step(emptyState(HOUR), [minute(1, { good: 0, total: 0 })], now), now).status).toBe(
      'NO_DATA',
    );
  });

  it('is met at the objective and breached just below', () => {
    const of = (good: number) =>
      evaluate(objective, step(emptyState(HOUR), [minute(1, { good, total: 100 })], now), now);
    expect(of(99)).toMatchObject({ status: 'MET', attainment: 0.99, budget: { remaining: 0 } });
    expect(of(98.999)).toMatchObject({ status: 'BREACHED' });
    expect(of(98).budget?.remaining).toBeCloseTo(-1);
  });

  it('says how much of the window it covers', () => {
    const report = evaluate(objective, step(emptyState(HOUR), [minute(30)], now), now);
    expect(report.coverage).toBeCloseTo(0.5, 1);
  });

  it('says of each cluster how old its news is', () => {
    const state = step(emptyState(HOUR), [minute(10), minute(1, { cluster: 'west' })], now);
    const [east, west] = evaluate(objective, state, now).freshness;
    expect(east).toEqual({ cluster: 'east', observedAt: minute(10).minute + 60, isStale: true });
    expect(west).toMatchObject({ cluster: 'west', isStale: false });
    const edge = (west?.observedAt ?? 0) + STALE_AFTER_SECONDS;
    expect(evaluate(objective, state, edge).freshness[1]?.isStale).toBe(false);
    expect(evaluate(objective, state, edge + 1).freshness[1]?.isStale).toBe(true);
  });

  it('is marked as simulated as long as any of it is', () => {
    const state = step(emptyState(HOUR), [minute(30, { simulated: true }), minute(1, { cluster: 'west' })], now);
    expect(evaluate(objective, state, now).simulated).toBe(true);
    expect(evaluate(objective, state, now + 40 * 60).simulated).toBe(false);
  });
});
