import { describe, expect, it } from 'vitest';
import { memberEntryName, type MemberKey } from './member-key.js';
import { DRAIN_MS, nextMemberStates, type ClusterAck, type MemberRow, type MemberStateInput } from './member-states.js';

const KEY: MemberKey = { host: 'cart.shop.global', cluster: 'east', namespace: 'shop', service: 'cart' };
const row = (fields: Partial<MemberRow> = {}): MemberRow => ({ ...KEY, state: 'wanted', enteredSeq: 5, ...fields });
const ack = (catalogSeq: number, fields: Partial<ClusterAck> = {}): ClusterAck => ({
  catalogSeq,
  hasPolicy: true,
  ...fields,
});

function step(input: Partial<MemberStateInput>): {
  to: string | undefined;
  dueAt: number | undefined;
  nextDueAt: number | undefined;
} {
  const result = nextMemberStates({
    rows: [],
    desired: [],
    leaving: [],
    acks: new Map(),
    clients: ['east', 'west'],
    nextSeq: 9,
    now: 1000,
    ...input,
  });
  expect(result.transitions.length).toBeLessThanOrEqual(1);
  const [first] = result.transitions;
  return { to: first?.to, dueAt: first?.dueAt, nextDueAt: result.nextDueAt };
}

describe('a wanted member', () => {
  const wanted = (of: ClusterAck | undefined): string | undefined =>
    step({ rows: [row()], desired: [KEY], acks: of === undefined ? new Map() : new Map([['east', of]]) }).to;

  it('is not served before its owner acknowledged the catalog that carries it', () => {
    expect(wanted(undefined)).toBeUndefined();
    expect(wanted(ack(4))).toBeUndefined();
    expect(step({ rows: [row()], desired: [KEY], acks: new Map([['west', ack(9)]]) }).to).toBeUndefined();
  });

  it('is not served without a policy at the owner, nor if the owner failed to set it up', () => {
    expect(wanted(ack(5, { hasPolicy: false }))).toBeUndefined();
    expect(wanted(ack(5, { failedHosts: new Set([KEY.host]) }))).toBeUndefined();
    expect(wanted(ack(5, { failedHosts: new Set(['pay.shop.global']) }))).toBe('served');
  });

  it('is served from that acknowledgement on', () => {
    expect(wanted(ack(5))).toBe('served');
    expect(wanted(ack(6))).toBe('served');
  });

  it('is made for every new key, and again for one that was draining', () => {
    expect(step({ desired: [KEY] }).to).toBe('wanted');
    expect(step({ rows: [row({ state: 'draining', dueAt: 5 })], desired: [KEY] })).toEqual({
      to: 'wanted',
      dueAt: undefined,
      nextDueAt: undefined,
    });
  });
});

describe('a member that the rules leave out', () => {
  const leaving = [{ ...KEY, cause: 'REMOVED' as const }];
  const drain = (fields: Partial<MemberRow>, input: Partial<MemberStateInput> = {}): ReturnType<typeof step> =>
    step({ rows: [row({ state: 'draining', ...fields })], leaving, ...input });

  it('drains first, whatever its state was', () => {
    expect(step({ rows: [row({ state: 'served' })], leaving }).to).toBe('draining');
    expect(step({ rows: [row()], leaving }).to).toBe('draining');
  });

  it('waits as long as a client cluster has not acknowledged, reachable or not', () => {
    expect(drain({}).to).toBeUndefined();
    expect(drain({}, { acks: new Map([['west', ack(4)]]) }).to).toBeUndefined();
    expect(drain({}, { acks: new Map([['west', ack(5)]]), clients: ['east', 'west', 'onprem'] }).to).toBeUndefined();
  });

  it('begins its drain time when the last client has acknowledged, or a person gave that client up', () => {
    const begun = { to: 'draining', dueAt: 1000 + DRAIN_MS, nextDueAt: 1000 + DRAIN_MS };
    expect(drain({}, { acks: new Map([['west', ack(5)]]) })).toEqual(begun);
    expect(drain({}, { abandoned: new Set(['west']) })).toEqual(begun);
  });

  it('is gone when its time has come, not a millisecond earlier', () => {
    expect(drain({ dueAt: 1001 })).toEqual({ to: undefined, dueAt: undefined, nextDueAt: 1001 });
    expect(drain({ dueAt: 1000 })).toEqual({ to: 'gone', dueAt: undefined, nextDueAt: undefined });
  });
});

describe('a member in general', () => {
  it('is gone at once when its service was deleted, in any state', () => {
    const leaving = [{ ...KEY, cause: 'DELETED' as const }];
    for (const state of ['wanted', 'served', 'draining'] as const)
      expect(step({ rows: [row({ state })], leaving }).to).toBe('gone');
    expect(step({ leaving }).to).toBeUndefined();
  });

  it('stays as it is while nobody says anything about it', () => {
    const result = nextMemberStates({
      rows: [row({ state: 'served' })],
      desired: [],
      leaving: [],
      acks: new Map(),
      clients: [],
      nextSeq: 9,
      now: 0,
    });
    expect(result.transitions).toEqual([]);
    expect(result.states.get(memberEntryName(KEY))).toBe('served');
  });

  it('that is served stays served without its owner being heard of', () => {
    expect(step({ rows: [row({ state: 'served' })], desired: [KEY] }).to).toBeUndefined();
  });
});
