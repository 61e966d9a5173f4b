import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BREAKER_LIMITS, heldSetHash } from './breaker.js';
import { heldDrain, judgeDrain, type DrainRequest } from './drain-gate.js';

const names = (count: number, prefix = 'h'): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${String(at)}`);
const member = (host: string, cluster = 'east') => ({ host, item: `host/${host}/member/${cluster}/shop/${host}` });
const judge = (asked: readonly string[], more: Partial<DrainRequest> = {}) =>
  judgeDrain({
    asked: asked.map((host) => member(host)),
    removed: [],
    hosts: new Set(names(100)),
    now: 0,
    approved: undefined,
    ...more,
  });
const before = (hosts: readonly string[], more: { at?: number; counts?: boolean } = {}) =>
  hosts.map((host) => ({ host, at: 0, counts: true, ...more }));

describe('what is said of members that wait', () => {
  it('counts hosts once, names the first of them, and gives the command', () => {
    const metadata = { name: 'shop', project: 'default' };
    const said = heldDrain('ISM0260', { metadata }, { items: ['1', '2', '3'], hosts: ['b', 'a', 'b'] });
    expect(said).toMatchObject({ code: 'ISM0260', hint: 'isthmus approve --global-namespace shop' });
    expect(said.message).toBe('2 hosts (3 members) leave by the rules and wait for approval: a and 1 more');
  });

  it('names the global namespace where that is not the subject already, with its project if that is another', () => {
    const metadata = { name: 'shop', project: 'team' };
    const said = heldDrain('ISM0510', { metadata }, { items: ['1'], hosts: ['a'] });
    expect(said).toMatchObject({ code: 'ISM0510', hint: 'isthmus approve --global-namespace team/shop' });
    expect(said.message).toBe('1 hosts (1 members) leave shop by this change and wait for approval: a');
  });
});

describe('members that leave by rules', () => {
  it('wait above a fifth of the hosts with at least five, and go up to there', () => {
    expect(judge(names(21))).toBe('HELD');
    expect(judge(names(20))).toBe('WITHIN');
    expect(judge(names(5), { hosts: new Set(names(24)) })).toBe('HELD');
    expect(judge(names(4), { hosts: new Set(names(4)) })).toBe('WITHIN');
  });

  it('wait above fifty hosts, however many there are', () => {
    const hosts = new Set(names(1000));
    expect(judge(names(51), { hosts })).toBe('HELD');
    expect(judge(names(50), { hosts })).toBe('WITHIN');
  });

  it('count as hosts, whatever the number of clusters that they leave', () => {
    const asked = names(4).flatMap((host) => ['a', 'b', 'c'].map((cluster) => member(host, cluster)));
    expect(judge([], { asked, hosts: new Set(names(4)) })).toBe('WITHIN');
  });

  it('add up over ten minutes, and no longer', () => {
    const removed = before(names(15, 'old'));
    const now = BREAKER_LIMITS.windowMs - 1;
    const hosts = new Set(names(85));
    expect(judge(names(6), { removed, hosts, now })).toBe('HELD');
    expect(judge(names(5), { removed, hosts, now })).toBe('WITHIN');
    expect(judge(names(6), { removed, hosts, now: now + 1 })).toBe('WITHIN');
  });

  it('do not count what a person approved or a cluster observed, and count no host twice', () => {
    const hosts = new Set(names(100));
    expect(judge(names(20), { removed: before(names(60, 'old'), { counts: false }), hosts })).toBe('WITHIN');
    expect(judge(names(20), { removed: before(names(20)), hosts })).toBe('WITHIN');
  });

  it('go by an approval of exactly that set or what is left of it, and are held again when one more joins', () => {
    const shown = names(30).map((host) => member(host).item);
    const approved = { setHash: heldSetHash(shown), shown };
    expect(judge(names(30), { approved })).toBe('APPROVED');
    expect(judge(names(29), { approved })).toBe('APPROVED');
    expect(judge(names(31), { approved })).toBe('HELD');
    expect(judge(names(30), { approved: { setHash: heldSetHash(shown.slice(1)), shown } })).toBe('HELD');
  });

  it('never go beyond the limits without a decision, in whatever slices they are asked for', () => {
    const step = fc.record({ size: fc.integer({ min: 1, max: 70 }), wait: fc.integer({ min: 0, max: 400_000 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.array(step, { maxLength: 30 }), (total, steps) => {
        const left = names(total);
        const removed: { host: string; at: number; counts: boolean }[] = [];
        let now = 0;
        for (const { size, wait } of steps) {
          now += wait;
          const asked = left.slice(0, size);
          if (judge(asked, { removed, hosts: new Set(left), now }) !== 'WITHIN') continue;
          left.splice(0, asked.length);
          removed.push(...before(asked, { at: now }));
          const recent = removed.filter(({ at }) => now - at < BREAKER_LIMITS.windowMs).length;
          const most = left.length + recent;
          expect(recent <= 50 && (recent < 5 || recent <= most * 0.2)).toBe(true);
        }
      }),
    );
  });
});
