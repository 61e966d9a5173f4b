import type { Issue } from '@isthmus/domain';
import type { AgentCore } from './agent-core.js';
import { isQuietAgain, quietRound } from './apply/quiet-round.js';
import { runRound } from './apply/run-round.js';
import type { GnsResult, Round } from './apply/run-round.js';
import type { Settled } from './apply/settled.js';
import { judgeGns } from './render/wish.js';
import type { Judged } from './render/wish.js';
import { framesOf } from './report/reporter.js';

/** How often a round is made although nothing was heard. */
const IDLE_MS = 30_000;
const RETRY_MS = 3000;

/** pull → render → plan → apply → observe → report, until told to stop. What is pulled arrives through the stream, into the core. */
export async function runLoop(core: AgentCore, options: { signal: AbortSignal; flush: () => void }): Promise<void> {
  const stopWatching = core.options.cluster.watch((hint) => core.changed(hint));
  options.signal.addEventListener('abort', () => core.wake());
  try {
    while (!options.signal.aborted) {
      await core.untilWoken(IDLE_MS);
      if (options.signal.aborted) return;
      await guardedRound(core);
      options.flush();
    }
  } finally {
    stopWatching();
    core.names.stop();
  }
}

/** A round that fails (full disk, unreachable API) leaves the record as it was; the next one starts from there. */
async function guardedRound(core: AgentCore): Promise<void> {
  try {
    await oneRound(core);
  } catch (error) {
    core.options.log.error({ err: error }, 'the round failed and will be tried again');
    core.record = await core.options.cluster.loadRecord().catch(() => core.record);
    core.settled = new Map();
    core.due.everything();
    wakeIn(core, RETRY_MS);
  }
}

/** What failed, has to settle or ends is looked at again without waiting for news; what is further away, in a round that is made anyway. */
function wakeIn(core: AgentCore, milliseconds: number | undefined): void {
  if (milliseconds === undefined || milliseconds > IDLE_MS) return;
  setTimeout(() => core.wake(), milliseconds).unref();
}

/** One pass. */
export async function oneRound(core: AgentCore): Promise<void> {
  const { cluster, gate, log } = core.options;
  await core.saveAccepted();
  const due = core.due.take(core.options.clock.monotonicMs());
  const reading = due.inventory || core.reading === undefined ? await cluster.readInventory() : core.reading;
  core.observe(reading);
  await core.followGatewayNames();
  await core.askForRights();
  const endsInMs = core.noteInstants();
  const local = core.localFacts(reading);
  const context = {
    lines: core.lines,
    render: core.options.render,
    local,
    frozen: (gns: string) => core.isFrozen(gns),
    awaited: (gns: string) => core.awaitedNames(gns),
  };
  // All positions are those of this moment, the fences too: what arrives while this is rendered is for the next round.
  const judging = core.lines.gnsIds().map((gns) => judgeGns(gns, context));
  const fences = core.lines.held().map(({ gns, line, epoch, seq, root }) => ({ gns, line, epoch, seq, root }));
  const judged = await Promise.all(judging);
  const round: Round = {
    cluster,
    record: core.record,
    fences,
    wishes: judged.map(({ wish }) => wish),
    gate,
    moves: core.moves,
    lingers: core.lingers,
    leads: core.leads,
    settled: due.drift ? undefined : without(core.settled, due.objects),
    mode: core.heardCentre ? 'sync' : 'upsert-only',
  };
  const known = core.quiet !== undefined && isQuietAgain(core.quiet, round) ? core.quiet.result : undefined;
  const result = known ?? (await runRound(round));
  core.quiet = quietRound(round, result);
  const { record, results, wakeInMs, settled } = result;
  logChanges(core, record.owned.length);
  core.record = record;
  core.settled = settled;
  const retryInMs = results.some(({ failed }) => failed) ? RETRY_MS : undefined;
  for (const milliseconds of [retryInMs, wakeInMs, endsInMs]) wakeIn(core, milliseconds);
  report(core, { judged, results, found: core.signalIssues });
  log.debug({ objects: record.owned.length, namespaces: judged.length }, 'round done');
}

function without(settled: Settled, keys: ReadonlySet<string>): Settled {
  return keys.size === 0 ? settled : new Map([...settled].filter(([key]) => !keys.has(key)));
}

interface RoundReport {
  judged: readonly Judged[];
  results: readonly GnsResult[];
  /** Issues of measuring; they matter to every global namespace in the cluster. */
  found: readonly Issue[];
}

function report(core: AgentCore, { judged, results, found }: RoundReport): void {
  const byGns = new Map(results.map((result) => [result.gns, result]));
  const frames = judged.flatMap((item) => {
    const result = byGns.get(item.wish.gns) ?? nothing(item.wish.gns);
    return framesOf({ ...item, issues: [...item.issues, ...found] }, result);
  });
  core.reporter.update(frames);
}

function nothing(gns: string): GnsResult {
  return { gns, objects: [], issues: [], failed: false, waiting: false, held: [] };
}

function logChanges(core: AgentCore, after: number): void {
  const before = core.record.owned.length;
  if (before !== after) core.options.log.info({ before, after }, 'owned objects changed');
}
