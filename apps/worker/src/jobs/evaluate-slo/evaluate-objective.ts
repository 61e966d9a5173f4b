import { evaluateTrack, packTrack, stepTrack, storedReport, windowStart, type SloTrack } from '@isthmus/slo';
import type { MemberRecord, SloStateWrite, TenantTx } from '@isthmus/store';
import { eventsByHost, measuredOf, type EventsByHost } from './measured.js';
import type { Objective } from './objectives.js';
import { rebuild, seal, shapeOf, storedTracks, type SealedTracks } from './tracks.js';

/** What every objective of one global namespace is evaluated with. */
export interface EvaluationInput {
  /** Unix seconds, by the database. */
  now: number;
  members: readonly MemberRecord[];
  /** Uids of clusters by name. */
  uids: ReadonlyMap<string, string>;
}

/** Minutes of the future: of clusters whose clock is ahead. */
const AHEAD = 120;

/** Hosts that get a report, each with the uids of the clusters that have its servers; the empty host has all of them. */
function clustersByHost(objective: Objective, { members, uids }: EvaluationInput): Map<string, Set<string>> {
  const byHost = new Map<string, Set<string>>([['', new Set()]]);
  if (objective.hosts !== 'all') for (const host of objective.hosts) byHost.set(host, new Set());
  for (const { host, cluster } of members) {
    const uid = uids.get(cluster);
    if (objective.hosts !== 'all' && !byHost.has(host)) continue;
    const known = byHost.get(host) ?? new Set();
    byHost.set(host, known);
    if (uid === undefined) continue;
    known.add(uid);
    byHost.get('')?.add(uid);
  }
  return byHost;
}

async function sealedTracks(
  tx: TenantTx,
  objective: Objective,
  with_: { hosts: readonly string[]; now: number },
): Promise<SealedTracks> {
  const stored = storedTracks(objective, await tx.sloStates.states(objective), with_);
  if (stored === undefined) return rebuild(tx, objective, with_);
  return seal(tx, objective, { sealed: stored, now: with_.now });
}

/** Minutes that may still change are counted anew each time, on top of those that do not. */
async function openMinutes(
  tx: TenantTx,
  objective: Objective,
  of: { from: number; now: number },
): Promise<EventsByHost> {
  const [from, to] = [new Date(of.from * 1000), new Date((of.now + AHEAD) * 1000)];
  return eventsByHost(objective, measuredOf(await tx.signals.range(objective.gns, from, to)));
}

/** Evaluates one objective over every host and over all of them together, and writes what came out. */
export async function evaluateObjective(tx: TenantTx, objective: Objective, input: EvaluationInput): Promise<void> {
  const { now } = input;
  const clusters = clustersByHost(objective, input);
  const { tracks, sealedUntil, changed } = await sealedTracks(tx, objective, { hosts: [...clusters.keys()], now });
  const open = await openMinutes(tx, objective, { from: sealedUntil, now });
  const rowOf = (host: string, track: SloTrack): SloStateWrite => {
    const current = stepTrack(track, open.get(host) ?? [], now);
    const report = storedReport(evaluateTrack(objective.entry, current, now), {
      windowStart: windowStart(current.window, now),
      windowSeconds: objective.entry.windowSeconds,
      clusters: [...(clusters.get(host) ?? [])],
    });
    const state = changed.has(host) ? { state: packTrack(track) } : {};
    return { host, report, evaluatedAt: new Date(now * 1000), ...state };
  };
  const rows = [...clusters.keys()].flatMap((host) => {
    const track = tracks.get(host);
    return track === undefined ? [] : [rowOf(host, track)];
  });
  const { gns, slo } = objective;
  await tx.sloStates.write({ gns, slo, shape: shapeOf(objective), sealedUntil: new Date(sealedUntil * 1000) }, rows);
}
