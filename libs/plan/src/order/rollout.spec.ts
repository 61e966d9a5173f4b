import { describe, expect, it } from 'vitest';
import { advance, askFor, begin, dueOf, type Rollout, type Said, type Standing } from './rollout.js';

const SILENT: Said = { ready: false, applied: false, steps: true };
const READY: Said = { ready: true, applied: false, steps: true };
const APPLIED: Said = { ready: false, applied: true, steps: true };
const OLD: Said = { ready: false, applied: false, steps: false };

const standing = (clusters: Record<string, Said>, now = 0): Standing => ({
  now,
  ownerWaitMs: 30,
  clusters: new Map(Object.entries(clusters)),
});
const silent = standing({ east: SILENT, west: SILENT, north: SILENT });
const outline = (rollout: Rollout | undefined): unknown =>
  rollout && [
    rollout.step,
    rollout.awaits.map(({ cluster, until }) => [cluster, until].join('@')).join(),
    rollout.callers.join(),
  ];

describe('who is asked about a change', () => {
  const uids = new Map([
    ['east', 'e'],
    ['west', 'w'],
  ]);
  const owned = (cluster: string) => ({ host: 'h', version: 'v2', cluster });

  it('is nobody for what no other cluster may call, or for clusters that do not take part', () => {
    expect(askFor({ comes: [owned('east')], goes: [owned('east')] }, new Map([['east', 'e']]))).toEqual({
      owners: [],
      callers: [],
    });
    expect(askFor({ comes: [owned('north')], goes: [] }, uids)).toEqual({ owners: [], callers: [] });
  });

  it('are owners of what comes, and all but the only owner of what goes', () => {
    expect(askFor({ comes: [owned('east')], goes: [owned('west')] }, uids)).toEqual({ owners: ['e'], callers: ['e'] });
    expect(askFor({ comes: [], goes: [owned('east'), owned('west')] }, uids)).toEqual({
      owners: [],
      callers: ['e', 'w'],
    });
  });
});

describe('a change of policy', () => {
  const added = begin(undefined, { owners: ['west'], callers: [] }, silent);

  it('goes all of the way at once if nobody is asked, or the centre is told not to wait', () => {
    expect(begin(undefined, { owners: [], callers: [] }, silent)).toBeUndefined();
    expect(begin(undefined, { owners: ['west'], callers: ['east'] }, { ...silent, ownerWaitMs: 0 })).toBeUndefined();
    expect(advance(undefined, silent)).toBeUndefined();
  });

  it('waits for owners until they are ready, or have applied it', () => {
    expect(outline(added)).toEqual(['expand', 'west@30', '']);
    expect(advance(added, standing({ east: APPLIED, west: SILENT }))).toEqual(added);
    for (const said of [READY, APPLIED, { ...OLD, applied: true }])
      expect(advance(added, standing({ east: SILENT, west: said }))).toBeUndefined();
  });

  it('does not wait for a cluster that takes part no more', () => {
    expect(advance(added, standing({ east: SILENT }))).toBeUndefined();
  });

  it('goes on without an owner when its time is over, and tells of it until that has followed', () => {
    expect(dueOf(added)).toBe(30);
    expect(advance(added, standing({ west: SILENT }, 29))).toEqual(added);
    const late = advance(added, standing({ west: SILENT }, 30));
    expect(late).toEqual({ step: 'done', awaits: [], callers: [], missed: ['west'] });
    expect(dueOf(late)).toBeUndefined();
    expect(advance(late, standing({ west: SILENT }, 99))).toEqual(late);
    expect(advance(late, standing({ west: APPLIED }, 99))).toBeUndefined();
  });

  it('waits for callers after owners, as long as it takes', () => {
    const both = begin(undefined, { owners: ['west'], callers: ['east', 'north'] }, silent);
    expect(outline(both)).toEqual(['expand', 'west@30', 'east,north']);
    const next = advance(both, standing({ east: APPLIED, west: READY, north: SILENT }));
    // What was said of the position before says nothing of the one that comes with the step.
    expect(outline(next)).toEqual(['switch', 'east@,north@', '']);
    expect(outline(advance(next, standing({ east: READY, north: APPLIED }, 1e9)))).toEqual(['switch', 'east@', '']);
    expect(advance(next, standing({ east: APPLIED, north: APPLIED }))).toBeUndefined();
  });

  it('does not ask again who gets no new position with a step, since its agent knows none', () => {
    const both = begin(undefined, { owners: ['west'], callers: ['east', 'north'] }, silent);
    const old = standing({ west: READY, east: { ...OLD, applied: true }, north: OLD });
    expect(outline(advance(both, old))).toEqual(['switch', 'north@', '']);
  });

  it('asks again for what an earlier one waits for, whose time goes on', () => {
    const later = { ...silent, now: 20 };
    expect(outline(begin(added, { owners: ['north', 'west'], callers: [] }, later))).toEqual([
      'expand',
      'north@50,west@30',
      '',
    ]);
    const removed = begin(undefined, { owners: [], callers: ['east'] }, silent);
    expect(outline(removed)).toEqual(['switch', 'east@', '']);
    expect(outline(begin(removed, { owners: ['west'], callers: ['north'] }, silent))).toEqual([
      'expand',
      'west@30',
      'east,north',
    ]);
    expect(outline(begin(removed, { owners: [], callers: [] }, silent))).toEqual(['switch', 'east@', '']);
  });
});
