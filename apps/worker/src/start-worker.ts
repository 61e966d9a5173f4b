import type { Clock, Logger, Registry } from '@isthmus/platform';
import type { Processor, Queue } from '@isthmus/queue';
import type { Store } from '@isthmus/store';
import { Compiler } from './compile/compile.js';
import { advanceMembers } from './jobs/advance-members/advance-members.js';
import { collectObjects } from './jobs/collect-objects/collect-objects.js';
import { compileCatalogJob } from './jobs/compile-catalog/compile-catalog.js';
import { compileGns } from './jobs/compile-gns/compile-gns.js';
import { COMPILE_CATALOG, COMPILE_GNS } from './jobs/definitions.js';
import { evaluateSlos } from './jobs/evaluate-slo/evaluate-slo.js';
import { rollUpSignals } from './jobs/evaluate-slo/roll-up-signals.js';
import { finishLeaving } from './jobs/finish-leaving/finish-leaving.js';
import { housekeeping } from './jobs/housekeeping/housekeeping.js';
import type { JobContext } from './jobs/job-context.js';
import { isSource } from './jobs/outbox-relay/expand.js';
import { OutboxRelay, RELAY_BATCH } from './jobs/outbox-relay/outbox-relay.js';
import { reconcile } from './jobs/reconcile/reconcile.js';
import { sealAudit } from './jobs/seal-audit/seal-audit.js';
import { startLoop, type Loop } from './loop.js';
import { workerMetrics } from './metrics.js';
import type { Signer } from './signer/signer.js';

/** How often the loops look by themselves, in milliseconds; notifications make the relay look at once. */
export interface WorkerTimings {
  pollMs: number;
  reconcileMs: number;
  housekeepingMs: number;
  evaluateMs: number;
  sealMs: number;
}

export const DEFAULT_TIMINGS: WorkerTimings = {
  pollMs: 1_000,
  reconcileMs: 60_000,
  housekeepingMs: 3_600_000,
  evaluateMs: 20_000,
  sealMs: 5_000,
};

export interface WorkerOptions {
  store: Store;
  queue: Queue;
  signer: Signer;
  clock: Clock;
  log: Logger;
  registry: Registry;
  concurrency?: number;
  /** How long a change of routes waits for owners; default 30 s, 0: not at all. */
  ownerWaitMs?: number;
  timings?: Partial<WorkerTimings>;
}

/** A worker that runs; several may run beside each other. */
export interface Worker {
  /** Takes no further job, finishes those that run. Store and queue stay open. */
  close(): Promise<void>;
}

type EachOrg = (org: string) => Promise<unknown>;

async function forEachOrg(orgs: readonly string[], act: EachOrg): Promise<void> {
  for (const org of orgs) await act(org);
}

async function allOrgs(store: Store): Promise<string[]> {
  return (await store.system.organizations()).map(({ id }) => id);
}

/** Relays until nothing is left, so that a long queue does not wait for further nudges; what comes meanwhile nudges itself. */
async function relayAll(relay: OutboxRelay, store: Store): Promise<void> {
  await forEachOrg(await store.system.organizationsWithWork(), async (org) => {
    while ((await relay.relay(org)) >= RELAY_BATCH);
  });
}

function startLoops(context: JobContext, timings: WorkerTimings): { loops: Loop[]; nudge: () => void } {
  const { store, log, metrics } = context;
  const relay = new OutboxRelay(context);
  const loop = (name: string, everyMs: number, round: () => Promise<void>): Loop =>
    startLoop({ name, everyMs, round, log, metrics });
  const each = (act: EachOrg) => async () => forEachOrg(await allOrgs(store), act);
  const relaying = loop('outbox-relay', timings.pollMs, () => relayAll(relay, store));
  const recovering = loop('recover', timings.pollMs, async () =>
    forEachOrg(await store.system.organizationsWithWork(), (org) => relay.recover(org)),
  );
  const { reconcileMs, housekeepingMs } = timings;
  const rounds: readonly [
    name: string,
    everyMs: number,
    act: (context: JobContext, org: string) => Promise<unknown>,
  ][] = [
    ['advance-members', timings.pollMs, advanceMembers],
    ['finish-leaving', timings.pollMs, finishLeaving],
    ['reconcile', reconcileMs, reconcile],
    ['housekeeping', housekeepingMs, housekeeping],
    ['collect-objects', housekeepingMs, collectObjects],
    ['evaluate-slo', timings.evaluateMs, evaluateSlos],
    ['roll-up-signals', housekeepingMs, rollUpSignals],
    ['seal-audit', timings.sealMs, sealAudit],
  ];
  const repeated = rounds.map(([name, everyMs, act]) =>
    loop(
      name,
      everyMs,
      each((org) => act(context, org)),
    ),
  );
  const loops = [relaying, recovering, ...repeated];
  return { loops, nudge: () => relaying.nudge() };
}

async function startProcessors(context: JobContext, concurrency: number): Promise<Processor[]> {
  const { queue } = context;
  return [
    await queue.process(COMPILE_GNS, compileGns(context), { concurrency }),
    await queue.process(COMPILE_CATALOG, compileCatalogJob(context), { concurrency }),
  ];
}

/** Starts jobs and loops. Everything that they need to go on is in the store: killed at any point, another one takes over. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { store, queue, signer, clock, log, registry, concurrency = 4 } = options;
  const compiler = new Compiler(store, signer, options.ownerWaitMs);
  const context: JobContext = { store, queue, compiler, signer, clock, log, metrics: workerMetrics(registry) };
  const processors = await startProcessors(context, concurrency);
  const { loops, nudge } = startLoops(context, { ...DEFAULT_TIMINGS, ...options.timings });
  const subscription = store.subscribe(
    'outbox',
    ({ subject }) => {
      if (isSource(subject)) nudge();
    },
    nudge,
  );
  return {
    close: async () => {
      await subscription.close();
      await Promise.all(loops.map((loop) => loop.close()));
      await Promise.all(processors.map((processor) => processor.close()));
    },
  };
}
