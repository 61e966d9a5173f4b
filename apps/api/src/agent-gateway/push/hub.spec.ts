import { silentLogger } from '@isthmus/platform';
import type { HeadRecord, Store, TargetRecord, TenantTx } from '@isthmus/store';
import { statementText } from '@isthmus/protocol';
import { describe, expect, it, vi } from 'vitest';
import type { AgentSession } from '../session/agent-session.js';
import { Hub } from './hub.js';
import type { Wanted } from './line-sync.js';

const statement = (line: 'policy' | 'catalog', seq: number): string =>
  statementText({
    ...{ org: 'o', gns: 'g1', line, epoch: 1, seq, root: 'a'.repeat(64) },
    ...(line === 'policy' ? { cluster: 'c1' } : {}),
  });
const target = {
  ...{ cluster: 'c1', gns: 'g1', state: 'ACTIVE', signature: 's', version: 1 },
  statement: statement('policy', 1),
} as TargetRecord;
const headAt = (seq: number): HeadRecord =>
  ({ gns: 'g1', catalogStatement: statement('catalog', seq), catalogSignature: 's', version: seq - 1 }) as HeadRecord;

/** A store with one target and one head; `fault` may fail a read. */
class FakeStore {
  head = headAt(1);
  fault: (() => Promise<void>) | undefined;

  readonly store = {
    withTenant: async (_org: string, run: (tx: TenantTx) => Promise<unknown>) => {
      await this.fault?.();
      const tx = {
        targets: { changedSince: () => Promise.resolve([]), ofCluster: () => Promise.resolve([target]) },
        heads: {
          changedSince: (version: number) => Promise.resolve(this.head.version > version ? [this.head] : []),
          list: () => Promise.resolve([this.head]),
        },
        sessions: { changedSince: () => Promise.resolve([]) },
      };
      return run(tx as unknown as TenantTx);
    },
  } as unknown as Store;
}

function session(): AgentSession & { said: string[]; retries: number } {
  const said: string[] = [];
  const fake = {
    ...{ org: 'o', cluster: 'c1', session: 1, said, retries: 0 },
    want: (wanted: readonly Wanted[]) => {
      for (const { statement: at } of wanted) said.push(`${at.line} ${String(at.seq)}`);
    },
    sendDeferred: () => void (fake.retries += 1),
    end: () => undefined,
  };
  return fake as unknown as AgentSession & { said: string[]; retries: number };
}

describe('a hub whose database fails', () => {
  it.each([1, 2])(
    'tells a newcomer of its lines, and of catalogs that move later, when read %i failed',
    async (failing) => {
      const fake = new FakeStore();
      const hub = new Hub(fake.store, silentLogger());
      const newcomer = session();
      let reads = 0;
      fake.fault = () => ((reads += 1) === failing ? Promise.reject(new Error('timeout')) : Promise.resolve());
      hub.add(newcomer);
      await vi.waitFor(() => expect(reads).toBeGreaterThanOrEqual(failing), 10_000);
      await vi.waitFor(() => {
        hub.nudge();
        expect(newcomer.said).toContain('catalog 1');
      }, 10_000);
      fake.head = headAt(2);
      hub.nudge();
      await vi.waitFor(() => expect(newcomer.said).toContain('catalog 2'), 10_000);
      await hub.stop();
    },
  );

  it('tries again what could not be sent while a comparison waits for the database', async () => {
    const fake = new FakeStore();
    const hub = new Hub(fake.store, silentLogger());
    const waiting = session();
    let release = (): void => undefined;
    fake.fault = () => new Promise((resolve) => (release = resolve));
    hub.add(waiting);
    hub.retryDeferred();
    expect(waiting.retries).toBe(1);
    fake.fault = undefined;
    release();
    await hub.stop();
  });
});
