import { describe, expect, it } from 'vitest';
import { packSignals, unpackSignals } from './signal-body.js';
import { emptyTrack, evaluateTrack, stepTrack } from './slo-track.js';
import { ageOf, asOf, readStoredReport, storedReport } from './stored-report.js';

const HOUR = 3_600;
const now = 1_800_000_000;
const minute = { cluster: 'east', minute: now - 120, good: 98, total: 100, uncertain: 0 };
const report = (clusters: readonly string[]) => {
  const track = stepTrack(emptyTrack(HOUR), [minute], now);
  const evaluated = evaluateTrack({ objectivePpm: 990_000 }, track, now);
  return storedReport(evaluated, { windowStart: now - HOUR, windowSeconds: HOUR, clusters });
};

describe('a stored report', () => {
  it('is none without a status that is known, a number or the clusters', () => {
    const whole = report(['east']);
    expect(readStoredReport(null)).toBeUndefined();
    expect(readStoredReport({ ...whole, status: 'HEALTHY' })).toBeUndefined();
    expect(readStoredReport({ ...whole, total: '100' })).toBeUndefined();
    expect(readStoredReport({ ...whole, clusters: undefined })).toBeUndefined();
    expect(readStoredReport(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });

  it('holds numbers of the window and who was observed when', () => {
    expect(report(['west', 'east'])).toMatchObject({
      status: 'BREACHED',
      good: 98,
      total: 100,
      attainment: 0.98,
      simulated: false,
      clusters: [{ cluster: 'east', observedAt: now - 60 }, { cluster: 'west' }],
    });
    expect(report(['east']).budgetRemaining).toBeCloseTo(-1);
  });

  it('does not wait for clusters that have no servers any more', () => {
    expect(ageOf(report([]), now)).toEqual({ stale: true });
    expect(report([]).clusters).toEqual([]);
  });
});

describe('the age of a report', () => {
  it('is unknown if nobody has reported', () =>
    expect(ageOf({ clusters: [{ cluster: 'west' }] }, now)).toEqual({ stale: true }));

  it('is that of the cluster heard longest ago, and grows', () => {
    const clusters = [
      { cluster: 'a', observedAt: now - 30 },
      { cluster: 'b', observedAt: now - 300 },
    ];
    expect(ageOf({ clusters }, now)).toEqual({ observedAt: now - 300, freshnessSeconds: 300, stale: false });
    expect(ageOf({ clusters }, now + 1)).toMatchObject({ freshnessSeconds: 301, stale: true });
    expect(ageOf({ clusters: [...clusters, { cluster: 'c' }] }, now)).toMatchObject({ stale: true });
  });

  it('is never negative, whatever clocks say', () =>
    expect(ageOf({ clusters: [{ cluster: 'a', observedAt: now + 30 }] }, now).freshnessSeconds).toBe(0));
});

describe('a report that nobody evaluates any more', () => {
  it('keeps what it says while its window holds an observation', () =>
    expect(asOf(report(['east']), now - 61 + HOUR)).toEqual(report(['east'])));

  it('says nothing once its window has passed', () => {
    const old = asOf(report(['east']), now - 60 + HOUR);
    expect(old).toMatchObject({ status: 'NO_DATA', good: 0, total: 0 });
    expect([old.attainment, old.budgetRemaining, old.burnRate1h]).toEqual([undefined, undefined, undefined]);
  });
});

describe('the body of signals', () => {
  it('holds nothing where there is none, and leaves out what cannot be read', () => {
    expect(unpackSignals(undefined)).toEqual({ samples: [], simulated: false });
    expect(unpackSignals({ samples: 'x' })).toEqual({ samples: [], simulated: false });
    expect(unpackSignals({ samples: [{ host: 'h' }, { host: 'h', total: 1, errors: 0 }] }).samples).toHaveLength(1);
  });

  it('carries the mark of what was replayed', () => {
    const signals = { samples: [{ host: 'h', total: 1, errors: 0 }], simulated: true };
    expect(unpackSignals(packSignals(signals))).toEqual(signals);
    expect(packSignals({ ...signals, simulated: false })).not.toHaveProperty('simulated');
  });
});
