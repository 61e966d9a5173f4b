import type { OutboxTopic } from '@isthmus/store';
import type { CompileScope } from '../compile/compile.js';
import type { GnsKey } from '../compile/snapshot.js';
import type { JobContext } from './job-context.js';

/** How long rows stay claimed: a worker that dies meanwhile leaves them to others after that. */
const LEASE_MS = 15_000;
/** Pause before rows whose compile failed are handed out again; the queue's own retries come sooner. */
const RETRY_MS = 5_000;

/** A compile job: whose rows it works off, and how far it compiles. */
export interface CompileWork {
  job: string;
  topics: readonly OutboxTopic[];
  scope: CompileScope;
}

/**
 * Works off every open row about a global namespace: claims them, compiles, finishes them. What is added after the claim is
 * new work; without an open row there is nothing to do, so a job that runs twice changes nothing.
 */
export async function workOff(context: JobContext, key: GnsKey, { job, topics, scope }: CompileWork): Promise<void> {
  const { store, compiler, metrics, clock, log } = context;
  const started = clock.monotonicMs();
  const rows = await store.withTenant(key.org, (tx) => tx.outbox.take({ topics, subject: key.gns, leaseMs: LEASE_MS }));
  if (rows.length === 0) return;
  try {
    const result = await compiler.compile(key, scope);
    await store.withTenant(key.org, (tx) => tx.outbox.finish(rows));
    metrics.compiles.inc({ job, outcome: result.outcome });
    metrics.compileSeconds.observe({ job }, (clock.monotonicMs() - started) / 1000);
    log.debug({ ...key, job, ...result }, 'compiled');
  } catch (error) {
    metrics.compiles.inc({ job, outcome: 'FAILED' });
    await store.withTenant(key.org, (tx) => tx.outbox.release(rows, { delayMs: RETRY_MS })).catch(() => undefined);
    throw error;
  }
}
