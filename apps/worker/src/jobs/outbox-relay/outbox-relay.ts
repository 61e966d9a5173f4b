import type { OutboxRecord, TenantTx } from '@isthmus/store';
import { COMPILE_CATALOG, COMPILE_GNS } from '../definitions.js';
import type { JobContext } from '../job-context.js';
import { SOURCE_TOPICS, WORK_TOPICS, expand, type Work } from './expand.js';
import { Pacer } from './pacer.js';

/** Rows that one relay takes; fewer means that nothing is left. */
export const RELAY_BATCH = 200;
const SOURCE_LEASE_MS = 10_000;
/** Work that is not finished by then is handed out again: its job was lost, or its worker died. */
const WORK_LEASE_MS = 5_000;
const PACE_MS = 1_000;

function keyOf({ topic, gns }: Work): string {
  return `${topic} ${gns}`;
}

/** Expands claimed rows into work; the rows are finished in the same transaction that adds the work, so nothing is lost between. */
async function expandAll(tx: TenantTx, rows: readonly OutboxRecord[]): Promise<Work[]> {
  const work = new Map<string, Work>();
  for (const row of rows) {
    for (const item of await expand(tx, row)) {
      const known = work.get(keyOf(item));
      work.set(keyOf(item), known === undefined ? item : { ...item, steady: item.steady && known.steady });
    }
  }
  for (const { topic, gns } of work.values()) await tx.outbox.add({ topic, subject: gns });
  await tx.outbox.finish(rows.map(({ id }) => id));
  return [...work.values()];
}

/**
 * Turns outbox rows into jobs. The rows are the truth: a job that is lost is handed out again, one that is there twice finds
 * nothing to do.
 */
export class OutboxRelay {
  private readonly pacer = new Pacer(PACE_MS);

  constructor(private readonly context: JobContext) {}

  /** Relays what is new in an organization; answers how many rows were expanded. */
  async relay(org: string): Promise<number> {
    const { store, metrics } = this.context;
    const { rows, work } = await store.withTenant(org, async (tx) => {
      const claimed = await tx.outbox.claim({ limit: RELAY_BATCH, leaseMs: SOURCE_LEASE_MS, topics: SOURCE_TOPICS });
      return { rows: claimed, work: claimed.length === 0 ? [] : await expandAll(tx, claimed) };
    });
    for (const { topic } of rows) metrics.outboxRows.inc({ topic });
    for (const item of work) await this.enqueue(org, item);
    return rows.length;
  }

  /** Hands out again work that nobody finished. */
  async recover(org: string): Promise<number> {
    const claim = { limit: RELAY_BATCH, leaseMs: WORK_LEASE_MS, topics: WORK_TOPICS };
    const rows = await this.context.store.withTenant(org, (tx) => tx.outbox.claim(claim));
    for (const { topic, subject } of rows) {
      if (topic === 'gns.compile' || topic === 'gns.catalog')
        await this.enqueue(org, { topic, gns: subject, steady: false });
    }
    return rows.length;
  }

  private async enqueue(org: string, { topic, gns, steady }: Work): Promise<void> {
    const key = `${org}/${gns}`;
    const delayMs = steady ? this.pacer.delay(key, this.context.clock.monotonicMs()) : 0;
    const job = topic === 'gns.compile' ? COMPILE_GNS : COMPILE_CATALOG;
    const jobId = `${job.name}/${key}${delayMs > 0 ? '/paced' : ''}`;
    await this.context.queue.enqueue(job, { org, gns }, { jobId, delayMs });
  }
}
