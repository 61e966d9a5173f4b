import { manualClock } from '@isthmus/platform';
import type { ManualClock } from '@isthmus/platform';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalogTree, clusterEntry } from '../render/trees.fixture.js';
import { GatewayNames, gatewayNamesIn } from './gateway-names.js';
import { HOLD_MS, askAgainIn, sortedAddresses, takeAnswer } from './name-addresses.js';
import type { NameAddresses, NameAnswer } from './name-addresses.js';

const NOTHING: NameAddresses = new Map();

describe('the addresses of a name', () => {
  it('do not change by an empty answer, however old they are', () => {
    const known = takeAnswer(NOTHING, ['192.0.2.1'], 0);
    expect(takeAnswer(known, [], 100 * HOLD_MS)).toBe(known);
  });

  it('stay for five minutes after the first answer that lacks them, and not longer', () => {
    let known = takeAnswer(NOTHING, ['192.0.2.1'], 0);
    known = takeAnswer(known, ['192.0.2.2'], 1000);
    expect(sortedAddresses(known)).toEqual(['192.0.2.1', '192.0.2.2']);
    known = takeAnswer(known, ['192.0.2.2'], 1000 + HOLD_MS - 1);
    expect(sortedAddresses(known)).toEqual(['192.0.2.1', '192.0.2.2']);
    known = takeAnswer(known, ['192.0.2.2'], 1000 + HOLD_MS);
    expect(sortedAddresses(known)).toEqual(['192.0.2.2']);
  });

  it('hold what each answer of the last five minutes said, and are never none again', () => {
    const address = fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3');
    const answers = fc.array(fc.record({ after: fc.nat(HOLD_MS), addresses: fc.uniqueArray(address) }), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(answers, (said) => {
        let [now, known] = [0, takeAnswer(NOTHING, ['192.0.2.1'], 0)];
        let last = ['192.0.2.1'];
        for (const { after, addresses } of said) {
          now += after;
          known = takeAnswer(known, addresses, now);
          if (addresses.length > 0) last = addresses;
          for (const one of last) expect(known.has(one)).toBe(true);
          expect(known.size).toBeGreaterThan(0);
        }
      }),
    );
  });

  it.each([
    [0, 5000],
    [4999, 5000],
    [30_000, 30_000],
    [60_001, 60_000],
  ])('with a life of %i ms are asked for again after %i ms', (ttl, wait) => {
    expect(askAgainIn(ttl)).toBe(wait);
  });
});

describe('gateways with names', () => {
  let clock: ManualClock;
  let answer: () => Promise<NameAnswer>;
  let names: GatewayNames;
  let changes: number;
  let asked: string[];
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await vi.advanceTimersByTimeAsync(ms);
  };
  const good =
    (...addresses: string[]): (() => Promise<NameAnswer>) =>
    () =>
      Promise.resolve({ addresses, ttlMs: 1000 });
  beforeEach(() => {
    vi.useFakeTimers();
    clock = manualClock();
    [changes, asked] = [0, []];
    answer = good('192.0.2.1');
    const resolve = (name: string): Promise<NameAnswer> => (asked.push(name), answer());
    names = new GatewayNames({ resolve, clock, changed: () => (changes += 1) });
  });
  afterEach(() => {
    names.stop();
    vi.useRealTimers();
  });

  it('are unresolved while the name service fails, and asked for again', async () => {
    answer = () => Promise.reject(new Error('SERVFAIL'));
    names.want(['b.example', 'a.example']);
    await names.firstAnswers(1000);
    expect([names.unresolved(), names.known(), changes]).toEqual([['a.example', 'b.example'], {}, 0]);
    answer = good('192.0.2.1');
    await advance(5000);
    expect([names.unresolved(), names.known()]).toEqual([
      [],
      { 'a.example': ['192.0.2.1'], 'b.example': ['192.0.2.1'] },
    ]);
  });

  it('are not waited for longer than said', async () => {
    answer = () => new Promise(() => undefined);
    names.want(['a.example']);
    const waiting = names.firstAnswers(2000);
    await advance(2000);
    await expect(waiting).resolves.toBeUndefined();
  });

  it('keep their addresses over failures, tell of new ones once, and not of another order', async () => {
    names.want(['a.example']);
    await names.firstAnswers(1000);
    answer = () => Promise.reject(new Error('SERVFAIL'));
    await advance(600_000);
    expect([names.known(), changes]).toEqual([{ 'a.example': ['192.0.2.1'] }, 1]);
    answer = good('192.0.2.2', '192.0.2.1');
    await advance(5000);
    answer = good('192.0.2.1', '192.0.2.2');
    await advance(20_000);
    expect([names.known(), changes]).toEqual([{ 'a.example': ['192.0.2.1', '192.0.2.2'] }, 2]);
  });

  it('are awaited for five minutes at the start, for seconds later, and never once they resolved', async () => {
    answer = () => Promise.reject(new Error('SERVFAIL'));
    names.want(['a.example']);
    await advance(HOLD_MS - 1);
    expect(names.awaited(['a.example', 'other.example'])).toEqual(['a.example']);
    names.want(['a.example', 'b.example']);
    await advance(1);
    expect(names.awaited(['a.example', 'b.example'])).toEqual(['b.example']);
    await advance(15_000);
    expect(names.awaited(['b.example'])).toEqual([]);
    answer = good('192.0.2.1');
    names.want(['c.example']);
    await names.firstAnswers(1000);
    expect(names.awaited(['c.example'])).toEqual([]);
  });

  it('are not asked for any more when nothing needs them', async () => {
    names.want(['a.example', 'b.example']);
    await names.firstAnswers(1000);
    names.want(['b.example']);
    asked.length = 0;
    await advance(20_000);
    expect(new Set(asked)).toEqual(new Set(['b.example']));
    expect(Object.keys(names.known())).toEqual(['b.example']);
  });

  it('stand in the entries of clusters; addresses and unreadable entries do not count', () => {
    const gateway = (address: string): Record<string, string | number | { name: string; value: string }[]> => ({
      ...{ address, port: 15_443, namespace: 'istio-system', selector: [{ name: 'istio', value: 'ew' }] },
    });
    const catalog = catalogTree([
      clusterEntry('east', { gateways: [gateway('lb.example'), gateway('192.0.2.1'), gateway('2001:db8::1')] }),
      clusterEntry('west', { gateways: [gateway('lb.example'), gateway('a.example')] }),
      ['cluster/new', { kind: 'cluster', unknown: 'field' }],
    ]);
    expect(gatewayNamesIn(catalog, 'onprem')).toEqual(['a.example', 'lb.example']);
    expect(gatewayNamesIn(catalog, 'west')).toEqual(['lb.example']);
  });
});
