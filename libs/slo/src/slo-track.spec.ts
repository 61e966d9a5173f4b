import type { ServiceSample } from '@isthmus/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOf } from './indicator.js';
import { mergeSamples } from './merge-samples.js';
import { unpackState } from './packed-state.js';
import { emptyTrack, evaluateTrack, packTrack, stepTrack, unpackTrack } from './slo-track.js';
import type { MinuteEvents } from './slo-state.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const now = 1_800_000_000;
const objective = { objectivePpm: 990_000 };
const minute = (back: number, good: number, total: number): MinuteEvents => ({
  cluster: 'east',
  minute: Math.floor(now / 60) * 60 - back * 60,
  good,
  total,
  uncertain: 0,
});

describe('unpacking a track', () => {
  const packed = packTrack(stepTrack(emptyTrack(28 * DAY), [minute(5, 9, 10)], now));

  it.each([
    ['nothing', null],
    ['a text', 'track'],
    ['a missing window', { hour: packed.hour, sixHours: packed.sixHours }],
    ['slots of another length', { ...packed, window: { ...packed.window, slot: 41 * 60 } }],
    ['a slot that is none', { ...packed, hour: { ...packed.hour, slots: [[1, 2]] } }],
    ['a newest minute that is none', { ...packed, hour: { ...packed.hour, newest: { east: '1' } } }],
  ])('refuses %s', (_what, value) => expect(unpackTrack(value, 28 * DAY)).toBeUndefined());

  it('refuses a track of another window', () => expect(unpackTrack(packed, 7 * DAY)).toBeUndefined());

  it('refuses a slot length of zero', () =>
    expect(unpackState({ window: 60, slot: 0, slots: [], newest: {} })).toBeUndefined());

  it('gives back what was packed, marks included, through JSON', () => {
    const track = stepTrack(emptyTrack(DAY), [{ ...minute(5, 9, 10), simulated: true }, minute(1, 1, 1)], now);
    expect(unpackTrack(JSON.parse(JSON.stringify(packTrack(track))), DAY)).toEqual(track);
  });
});

describe('burn rates', () => {
  it('are absent without events in their stretch, though the window has some', () => {
    const report = evaluateTrack(objective, stepTrack(emptyTrack(28 * DAY), [minute(7 * 60, 99, 100)], now), now);
    expect(report).toMatchObject({ status: 'MET', burnRate: 1 });
    expect([report.burnRate1h, report.burnRate6h]).toEqual([undefined, undefined]);
  });

  it('tell the last hour and six hours apart', () => {
    const events = [minute(3 * 60, 100, 100), minute(30, 98, 100)];
    const report = evaluateTrack(objective, stepTrack(emptyTrack(28 * DAY), events, now), now);
    expect(report.burnRate1h).toBeCloseTo(2);
    expect(report.burnRate6h).toBeCloseTo(1);
  });
});

const sample = fc.record({
  host: fc.constantFrom('a', 'b'),
  total: fc.nat(100),
  errors: fc.constant(0),
  counts: fc.option(fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50)), { nil: undefined }),
});

describe('merging samples', () => {
  it('of nothing is nothing', () => expect(mergeSamples([])).toEqual([]));

  it('leaves every count of events as it was, for both indicators', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 20 }), (raw) => {
        const samples = raw.map(({ counts, ...rest }): ServiceSample =>
          counts === undefined ? rest : { ...rest, durations: { bounds: [10, 100], counts } },
        );
        for (const slo of [
          { indicator: 'AVAILABILITY' as const },
          { indicator: 'LATENCY' as const, thresholdMs: 50 },
        ]) {
          const sum = (all: readonly ServiceSample[]): number[] => {
            const events = all.map((one) => eventsOf(slo, one));
            return (['good', 'total', 'uncertain'] as const).map((part) => events.reduce((a, one) => a + one[part], 0));
          };
          expect(sum(mergeSamples(samples))).toEqual(sum(samples));
        }
      }),
    );
  });
});

describe('hours in place of minutes', () => {
  it('lead to the same report over a window of days', () => {
    const events = fc.array(fc.record({ back: fc.integer({ min: 60, max: 20 * 24 * 60 }), total: fc.nat(50) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(events, (raw) => {
        const minutes = [...new Map(raw.map((one) => [one.back, one])).values()]
          .map(({ back, total }) => minute(back, total, total))
          .sort((a, b) => a.minute - b.minute);
        const hours = minutes.map((one) => ({ ...one, minute: Math.floor(one.minute / HOUR) * HOUR }));
        const [fine, coarse] = [minutes, hours].map((all) => stepTrack(emptyTrack(7 * DAY), all, now).window.slots);
        expect(coarse).toEqual(fine);
      }),
    );
  });
});
