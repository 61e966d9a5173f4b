import type { MemberTransition } from '@isthmus/domain';
import { BREAKER_LIMITS } from '@isthmus/plan';
import type { RemovalRecord } from '@isthmus/store';
import { describe, expect, it } from 'vitest';
import { planRemovals, type RemovalInput } from './removal-plan.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const ago = (milliseconds: number): Date => new Date(NOW.getTime() - milliseconds);
const row = (more: Partial<RemovalRecord> = {}): RemovalRecord => ({
  gns: 'g',
  host: 'a',
  cause: 'RULES',
  decidedBy: 'rules within the breaker',
  decidedAt: NOW,
  catalogSeq: 5,
  open: true,
  ...more,
});
const step = (more: Partial<MemberTransition> = {}): MemberTransition => ({
  host: 'a',
  cluster: 'east',
  namespace: 'shop',
  service: 'a',
  from: 'served',
  to: 'draining',
  enteredSeq: 9,
  ...more,
});
const acks = (east: number, west: number) =>
  new Map([
    ['east', { catalogSeq: east, hasPolicy: true }],
    ['west', { catalogSeq: west, hasPolicy: true }],
  ]);
const plan = (more: Partial<RemovalInput> = {}) =>
  planRemovals({
    gns: 'g',
    recorded: [],
    transitions: [],
    policies: [],
    behind: new Set(),
    leaving: [],
    rules: { cause: 'RULES', by: 'rules within the breaker' },
    leavers: new Map(),
    isDeleted: false,
    registered: new Set(['east', 'west']),
    clients: ['east', 'west'],
    acks: acks(0, 0),
    states: [],
    nextSeq: 9,
    now: NOW,
    ...more,
  });

describe('decided removals', () => {
  it('are none while nothing leaves', () => {
    const joins = step({ from: undefined, to: 'wanted' });
    expect(plan({ transitions: [joins] })).toMatchObject({ put: [], drop: [], decided: [] });
  });

  it('name the rules, the person, or the cluster that saw the service go', () => {
    const gone = step({ to: 'gone' });
    const deleted = { leaving: [{ ...gone, cause: 'DELETED' as const }] };
    const causes = (more: Partial<RemovalInput>) =>
      plan(more).decided.map(({ cause, decidedBy }) => `${cause} ${decidedBy}`);
    expect(causes({ transitions: [step()] })).toEqual(['RULES rules within the breaker']);
    expect(causes({ transitions: [step()], rules: { cause: 'APPROVED', by: 'token:1' } })).toEqual([
      'APPROVED token:1',
    ]);
    expect(causes({ transitions: [gone], ...deleted })).toEqual(['OBSERVED cluster east']);
    expect(causes({ transitions: [gone], ...deleted, registered: new Set() })).toEqual([
      'DELETED deletion of cluster east',
    ]);
    expect(causes({ transitions: [gone], ...deleted, isDeleted: true })).toEqual([
      'DELETED deletion of the global namespace',
    ]);
  });

  it('mark the whole host only when no member of it is wanted or served any more', () => {
    const marks = (state: string) => plan({ transitions: [step()], states: [{ host: 'a', state }] }).marks;
    expect(marks('draining')).toEqual(new Map([['a', true]]));
    expect(marks('served')).toEqual(new Map([['a', false]]));
    expect(marks('wanted')).toEqual(new Map([['a', false]]));
  });

  it('follow the last step of the host, so that nobody counts as having followed before', () => {
    const { put } = plan({
      recorded: [row()],
      transitions: [step({ from: 'draining', to: 'gone' })],
      acks: acks(9, 9),
    });
    expect(put).toEqual([row({ catalogSeq: 9 })]);
  });

  it('stay open while a cluster has not followed or a member drains', () => {
    expect(plan({ recorded: [row()], acks: acks(5, 4) })).toMatchObject({ put: [], drop: [], after: [row()] });
    expect(plan({ recorded: [row()], acks: acks(5, 5), states: [{ host: 'a', state: 'draining' }] })).toMatchObject({
      put: [],
      drop: [],
    });
  });

  it('lose their mark when every cluster has followed, and count for the breaker until their time is over', () => {
    const closed = plan({ recorded: [row()], acks: acks(5, 5) });
    expect(closed).toMatchObject({ put: [row({ open: false })], drop: [] });
    expect(closed.marks.size).toBe(0);
    const old = row({ decidedAt: ago(BREAKER_LIMITS.windowMs) });
    expect(plan({ recorded: [old], acks: acks(5, 5) })).toMatchObject({
      put: [],
      drop: [{ host: 'a', cause: 'RULES' }],
    });
    const young = row({ open: false, decidedAt: ago(BREAKER_LIMITS.windowMs - 1) });
    expect(plan({ recorded: [young] })).toMatchObject({ put: [], drop: [], after: [young] });
  });

  it('about policies never mark a whole host, and count for nothing', () => {
    const changed = { policies: [{ host: 'a', by: 'token:1' }] };
    const { put, decided, marks } = plan(changed);
    expect(put).toEqual([row({ cause: 'POLICY', decidedBy: 'token:1', catalogSeq: 9 })]);
    expect([decided, marks]).toEqual([[], new Map([['a', false]])]);
    expect(plan({ ...changed, transitions: [step()] }).marks).toEqual(new Map([['a', true]]));
    expect(plan({ ...changed, recorded: [row({ open: false })] }).marks).toEqual(new Map([['a', false]]));
  });

  it('about policies stay until every cluster has confirmed its policy, and ten minutes at least', () => {
    const settled = (age: number, behind: string[]) =>
      plan({ recorded: [row({ cause: 'POLICY', decidedAt: ago(age) })], behind: new Set(behind) }).after.length;
    const { windowMs } = BREAKER_LIMITS;
    expect([settled(windowMs - 1, []), settled(windowMs, ['east']), settled(windowMs, [])]).toEqual([1, 1, 0]);
    expect(settled(windowMs, ['gone'])).toBe(0);
    const again = plan({
      recorded: [row({ cause: 'POLICY', decidedAt: ago(windowMs) })],
      policies: [{ host: 'a', by: 'token:2' }],
    });
    expect(again.after).toMatchObject([{ decidedBy: 'token:2', decidedAt: NOW }]);
  });

  it('wait for a cluster that is away for ninety days, and no longer', () => {
    const days = 24 * 3_600_000;
    expect(plan({ recorded: [row({ decidedAt: ago(90 * days - 1) })] }).marks.size).toBe(1);
    const late = plan({ recorded: [row({ decidedAt: ago(90 * days) })] });
    expect([late.marks.size, late.drop.length, late.after.length]).toEqual([0, 1, 0]);
  });
});
