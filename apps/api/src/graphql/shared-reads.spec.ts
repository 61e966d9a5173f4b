import type { TenantTx } from '@isthmus/store';
import { beforeEach, describe, expect, it } from 'vitest';
import { SharedReads, type Read } from './shared-reads.js';

describe('reads that share a transaction', () => {
  let transactions: string[];
  let faults: Error[];
  let reads: SharedReads;

  beforeEach(() => {
    [transactions, faults] = [[], []];
    const withTenant = async <T>(org: string, run: (tx: TenantTx) => Promise<T>): Promise<T> => {
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
      const number = transactions.push(org);
      return run({ number } as unknown as TenantTx);
    };
    reads = new SharedReads({ withTenant }, 'acme');
  });

  const numberOf: Read<number> = (tx) => Promise.resolve((tx as unknown as { number: number }).number);
  const failing: Read<number> = () => Promise.reject(new Error('statement timeout'));
  const outcomes = async (all: readonly Promise<unknown>[]): Promise<unknown[]> =>
    (await Promise.allSettled(all)).map((one) =>
      one.status === 'fulfilled' ? one.value : (one.reason as Error).message,
    );

  it('fail alone, and those after it start anew', async () => {
    const all = [reads.read(numberOf), reads.read(failing), reads.read(numberOf)];
    expect(await outcomes(all)).toEqual([1, 'statement timeout', 2]);
    expect(await reads.read(numberOf)).toBe(2);
  });

  it('all fail where no transaction can be begun, and later ones do not', async () => {
    faults = [new Error('no database')];
    expect(await outcomes([reads.read(numberOf), reads.read(numberOf)])).toEqual(['no database', 'no database']);
    expect(await reads.read(numberOf)).toBe(1);
  });

  it('are answered once where the transaction is begun again after a lost connection', async () => {
    const withTenant = async <T>(_org: string, run: (tx: TenantTx) => Promise<T>): Promise<T> => {
      await run({ number: 1 } as unknown as TenantTx).catch(() => undefined);
      return run({ number: 2 } as unknown as TenantTx);
    };
    reads = new SharedReads({ withTenant }, 'acme');
    let tries = 0;
    const second: Read<number> = async (tx) => {
      tries += 1;
      if (tries === 1) throw new Error('connection terminated');
      return numberOf(tx);
    };
    expect(await outcomes([reads.read(numberOf), reads.read(second), reads.read(numberOf)])).toEqual([1, 2, 2]);
  });

  it('are one transaction of the organization for what is asked at once and what its answers lead to', async () => {
    const leads = async (): Promise<number> => {
      const first = await reads.read(numberOf);
      return first + (await reads.read(numberOf));
    };
    expect(await outcomes([leads(), leads(), reads.read(numberOf)])).toEqual([2, 2, 1]);
    expect(transactions).toEqual(['acme']);
  });

  it('begin another transaction before one becomes long', async () => {
    const all = await outcomes(Array.from({ length: 401 }, () => reads.read(numberOf)));
    expect([all[0], all[199], all[200], all[399], all[400]]).toEqual([1, 1, 2, 2, 3]);
  });
});
