import { isDeepStrictEqual } from 'node:util';
import { affectedClusters, type Tree } from '@isthmus/domain';
import { advance, askFor, begin, changedNames, dueOf, type Rollout, type Said } from '@isthmus/plan';
import { parseStatementText, STEPS_PROTOCOL, type StepName } from '@isthmus/protocol';
import type { HeadRecord, MutationTx, TargetRecord } from '@isthmus/store';
import { clustersAtTarget, confirmedClusters } from './confirmed.js';
import type { Snapshot } from './snapshot.js';

/** A change of policy under way. */
export interface Change {
  head: HeadRecord;
  /** The trees before and after, if this compile made a new one. */
  policies: { before: Tree; after: Tree } | undefined;
  catalog: Tree;
  ownerWaitMs: number;
}

/** The step that a cluster is to be at; undefined: all of the way. */
export type StepOf = (cluster: string) => StepName | undefined;

/** Uids of the clusters that the rules reach and that stay, by name. */
export function reachedClusters(snapshot: Snapshot): Map<string, string> {
  const { gns, uids, leaving } = snapshot;
  const reached = gns === undefined ? [] : affectedClusters(gns, snapshot).filter((name) => !leaving.has(name));
  return new Map(reached.flatMap((name) => [[name, uids.get(name)] as const]).filter(isKnown));
}

function isKnown(pair: readonly [string, string | undefined]): pair is readonly [string, string] {
  return pair[1] !== undefined;
}

/**
 * Decides and writes how far the change may go now: a change that names nothing anew goes all of the way, and nothing is read for it.
 * Called under the lock of the head, so nobody else moves it meanwhile.
 */
export async function takeStep(tx: MutationTx, snapshot: Snapshot, change: Change): Promise<StepOf> {
  const { head, policies, catalog, ownerWaitMs } = change;
  const names = policies === undefined ? undefined : changedNames(policies, catalog);
  const isQuiet = names === undefined || names.comes.length + names.goes.length === 0;
  if (head.rollout === undefined && isQuiet) return () => undefined;
  const reached = reachedClusters(snapshot);
  const clusters = await readSaid(tx, snapshot, reached);
  const standing = { now: snapshot.now.getTime(), ownerWaitMs, clusters };
  const rollout =
    names === undefined
      ? advance(head.rollout, standing)
      : begin(head.rollout, askFor(names, waitedFor(snapshot, reached)), standing);
  await writeRollout(tx, head, rollout);
  const step = rollout?.step === 'done' ? undefined : rollout?.step;
  return (cluster) => (clusters.get(cluster)?.steps === true ? step : undefined);
}

/** Nobody waits for a cluster that a person gave up. */
function waitedFor({ abandoned }: Snapshot, reached: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...reached].filter(([name]) => !abandoned.has(name)));
}

async function readSaid(
  tx: MutationTx,
  snapshot: Snapshot,
  reached: ReadonlyMap<string, string>,
): Promise<Map<string, Said>> {
  const uids = [...waitedFor(snapshot, reached).values()];
  const applied = confirmedClusters(snapshot);
  const ready = clustersAtTarget(snapshot, await tx.targets.ready(snapshot.key.gns));
  const sessions = new Map((await tx.sessions.list(uids)).map((session) => [session.cluster, session]));
  return new Map(
    uids.map((uid) => {
      const steps = (sessions.get(uid)?.protocol ?? 0) >= STEPS_PROTOCOL;
      return [uid, { ready: ready.has(uid), applied: applied.has(uid), steps }];
    }),
  );
}

async function writeRollout(
  tx: MutationTx,
  { gns, rollout: before }: HeadRecord,
  after: Rollout | undefined,
): Promise<void> {
  if (isDeepStrictEqual(before, after)) return;
  const due = dueOf(after);
  await tx.heads.setRollout(gns, after, due === undefined ? undefined : new Date(due));
}

/** The step that a pointer was signed with. */
export function stepOf({ statement }: TargetRecord): StepName | undefined {
  return parseStatementText(statement)?.step;
}
