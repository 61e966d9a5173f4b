import { silentLogger } from '@isthmus/platform';
import type { RateSpending, Store } from '@isthmus/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SharedRates } from './shared-rates.js';

const WINDOW_MS = 10_000;

/** A store that counts what processes say, or is away. */
class FakeStore {
  readonly used = new Map<string, { used: number; endsAt: number }>();
  isAway = false;
  statements = 0;
  readonly store = {
    withTenant: async (_org: string, fn: (tx: unknown) => Promise<unknown>) => {
      this.statements += 1;
      if (this.isAway) throw new Error('away');
      return fn({ rates: { spend: this.spend, forget: () => Promise.resolve(0) } });
    },
  } as unknown as Store;

  private readonly spend = (spendings: readonly RateSpending[], windowMs: number) =>
    Promise.resolve(
      spendings.map(({ key, spent }) => {
        const known = this.used.get(key);
        const open =
          known !== undefined && known.endsAt > Date.now() ? known : { used: 0, endsAt: Date.now() + windowMs };
        this.used.set(key, { ...open, used: open.used + spent });
        return { key, used: open.used + spent, leftMs: open.endsAt - Date.now() };
      }),
    );
}

describe('rates that processes share', () => {
  let fake: FakeStore;
  beforeEach(() => {
    vi.useFakeTimers();
    fake = new FakeStore();
  });
  afterEach(() => void vi.useRealTimers());

  const process = (): SharedRates =>
    new SharedRates({
      ...{ store: fake.store, log: silentLogger(), windowMs: WINDOW_MS },
      clock: { now: () => new Date(), monotonicMs: () => Date.now() },
    });
  const through = (rates: SharedRates, times: number, key = 'k'): number =>
    Array.from({ length: times }, () => rates.take({ org: 'o', key, points: 10 })).filter((ms) => ms === undefined)
      .length;
  const settle = () => vi.advanceTimersByTimeAsync(500);

  it('are refused by a process that let nothing through itself, with the time until the window of all ends', async () => {
    const [one, other] = [process(), process()];
    expect(through(one, 100)).toBe(10);
    await settle();
    // It asks with the first one that it lets through, and knows after that.
    expect(through(other, 1)).toBe(1);
    await settle();
    expect(through(other, 100)).toBe(0);
    const left = other.take({ org: 'o', key: 'k', points: 10 });
    expect(left).toBeGreaterThan(WINDOW_MS - 1100);
    expect(left).toBeLessThanOrEqual(WINDOW_MS - 1000);
    await vi.advanceTimersByTimeAsync(WINDOW_MS);
    expect(through(other, 100)).toBe(10);
  });

  it('are as many together as one process may have, and one more of each other process, when they say so between', async () => {
    const all = [process(), process(), process()];
    let passed = 0;
    for (let round = 0; round < 8; round += 1) {
      for (const rates of all) {
        passed += through(rates, 1);
        await vi.advanceTimersByTimeAsync(110);
      }
    }
    expect(passed).toBeGreaterThanOrEqual(10);
    expect(passed).toBeLessThanOrEqual(10 + all.length - 1);
  });

  it('cost one statement for many callers and many operations, and none while nobody calls', async () => {
    const rates = process();
    for (let caller = 0; caller < 50; caller += 1) through(rates, 5, `caller ${String(caller)}`);
    await settle();
    expect(fake.statements).toBeLessThanOrEqual(2);
    expect([...fake.used.values()].map(({ used }) => used)).toEqual(Array.from({ length: 50 }, () => 5));
    const before = fake.statements;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fake.statements).toBe(before);
  });

  it('cost no statement for callers who are far below their limit, and are said from a fiftieth of it on', async () => {
    const rates = process();
    const use = (times: number) => {
      for (let time = 0; time < times; time += 1) rates.take({ org: 'o', key: 'k', points: 1000 });
    };
    use(19);
    await settle();
    expect(fake.statements).toBe(0);
    use(1);
    await settle();
    expect(fake.used.get('k')?.used).toBe(20);
    await vi.advanceTimersByTimeAsync(WINDOW_MS);
    const before = fake.statements;
    use(19);
    await settle();
    expect(fake.statements).toBe(before);
  });

  it('are counted by the process alone while the store is away, never more than one may let through, and said later', async () => {
    const rates = process();
    expect(through(rates, 4)).toBe(4);
    await settle();
    fake.isAway = true;
    expect(through(rates, 100)).toBe(6);
    await settle();
    expect(through(rates, 100)).toBe(0);
    fake.isAway = false;
    await settle();
    expect(fake.used.get('k')?.used).toBe(10);
    expect(through(process(), 1)).toBe(1);
  });

  it('say no more once they are closed', async () => {
    const rates = process();
    through(rates, 1);
    const closed = rates.close();
    await settle();
    await closed;
    const before = fake.statements;
    through(rates, 1);
    await settle();
    expect(fake.statements).toBe(before);
  });
});
