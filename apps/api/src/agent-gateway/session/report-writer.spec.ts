import type { Acknowledgement, Store, TenantTx } from '@isthmus/store';
import type { AgentMessageOf } from '@isthmus/protocol';
import { describe, expect, it } from 'vitest';
import { ReportWriter } from './report-writer.js';
import { Reports } from './reports.js';

const ROOT = 'a'.repeat(64);

type Frame = AgentMessageOf<'applied'>;

function gathered(...frames: Partial<Frame>[]): Reports {
  const reports = new Reports([]);
  for (const more of frames) reports.add(frame(more));
  return reports;
}

function frame(more: Partial<Frame> = {}): Frame {
  return {
    ...{ type: 'applied', gns: 'g', line: 'policy', epoch: 1, seq: 1, root: ROOT, state: 'APPLIED' },
    ...{ objects: 1, issues: [] },
    ...more,
  };
}

/** A store that notes what each transaction wrote, refuses a cluster's reports, and fences another's. */
class NotingStore {
  readonly transactions: string[][] = [];
  poison = '';
  fenced = '';
  /** A global namespace that is meant for no cluster. */
  foreign = '';

  readonly withTenant = async <T>(_org: string, work: (tx: TenantTx) => Promise<T>): Promise<T> => {
    const written: string[] = [];
    const note = (text: string): Promise<boolean> => Promise.resolve(written.push(text) > 0);
    const tx = {
      targets: {
        acknowledgeAll: (all: readonly Acknowledgement[]) => {
          if (all.some(({ from }) => from.cluster === this.poison)) return Promise.reject(new Error('not taken'));
          for (const { from, reports } of all)
            written.push(`${from.cluster}:${reports.map(({ line }) => line).join()}`);
          return Promise.resolve(new Set(all.map(({ from }) => from.cluster).filter((one) => one === this.fenced)));
        },
        get: (_cluster: string, gns: string) => Promise.resolve(gns === this.foreign ? undefined : {}),
        close: (cluster: string) => note(`close ${cluster}`),
      },
      holds: {
        hold: ({ cluster }: { cluster: string }) => note(`hold ${cluster}`),
        clear: (cluster: string) => note(`clear ${cluster}`),
      },
    };
    const value = await work(tx as unknown as TenantTx);
    this.transactions.push(written);
    return value;
  };
}

describe('reports of many agents', () => {
  const from = (cluster: string) => ({ cluster, session: 1 });
  const open = (more: Partial<NotingStore> = {}) => {
    const store = Object.assign(new NotingStore(), more);
    return { store, writer: new ReportWriter(store as unknown as Store, 5) };
  };

  it('are each written alone when one of them cannot be: only who sent it is told so', async () => {
    const { store, writer } = open({ poison: 'b' });
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((one) => writer.write('o', from(one), gathered({}))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.transactions).toEqual([
      ['a:policy', 'clear a'],
      ['c:policy', 'clear c'],
    ]);
  });

  it('tell who is fenced, and nothing follows from what that one said', async () => {
    const { store, writer } = open({ fenced: 'a' });
    const left = (): Reports => gathered({ state: 'LEFT' });
    expect(await Promise.all([writer.write('o', from('a'), left()), writer.write('o', from('b'), left())])).toEqual([
      'fenced',
      'written',
    ]);
    expect(store.transactions).toEqual([['a:policy', 'b:policy', 'clear b', 'close b']]);
  });

  it('are one transaction for an organization, with what came while they were gathered', async () => {
    const { store, writer } = open();
    const reports = gathered({});
    const first = writer.write('o', from('a'), reports);
    reports.add(frame({ line: 'catalog' }));
    await Promise.all([first, writer.write('o', from('b'), gathered({})), writer.write('p', from('z'), gathered({}))]);
    expect(store.transactions).toEqual([
      ['a:policy,catalog', 'b:policy', 'clear a', 'clear b'],
      ['z:policy', 'clear z'],
    ]);
  });

  it('say once in a stream that nothing is held, and again after something was', async () => {
    const { store, writer } = open();
    const reports = new Reports([]);
    const held = { setHash: ROOT, count: 1, items: ['x'] };
    const states: Partial<Frame>[] = [{}, {}, { state: 'HELD', held }, {}, {}];
    for (const more of states) {
      reports.add(frame(more));
      await writer.write('o', from('a'), reports);
    }
    expect(store.transactions.map((written) => written.slice(1))).toEqual([
      ['clear a'],
      [],
      ['hold a'],
      ['clear a'],
      [],
    ]);
  });

  it('hold nothing of a global namespace that is not meant for the cluster', async () => {
    const { store, writer } = open({ foreign: 'g' });
    await writer.write('o', from('a'), gathered({ state: 'HELD', held: { setHash: ROOT, count: 1, items: ['x'] } }));
    expect(store.transactions).toEqual([['a:policy']]);
  });
});
