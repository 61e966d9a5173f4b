import type { NameChange } from './version-owners.js';

/** A cluster whose word a step waits for, by uid. */
export interface Awaited {
  cluster: string;
  /** Unix milliseconds at which it is waited for no more; without it as long as it takes. */
  until?: number;
}

/**
 * A change of policy that goes in steps: `expand` waits for owners of what is named anew, `switch` for callers of what is named no
 * more; after the last step it goes all of the way.
 */
export interface Rollout {
  step: 'expand' | 'switch' | 'done';
  awaits: Awaited[];
  /** Clusters that `switch` is to wait for, while it is still to come. */
  callers: string[];
  /** Owners that were waited for in vain and have not followed since. */
  missed: string[];
}

/** How the clusters of a global namespace stand, by uid. */
export interface Standing {
  now: number;
  /** How long an owner is waited for, in milliseconds; 0: not at all. */
  ownerWaitMs: number;
  /** Clusters that take part. */
  clusters: ReadonlyMap<string, Said>;
}

/** What a cluster has acknowledged of its newest position. `steps`: it gets a new one with each step, since its agent knows steps. */
export interface Said {
  ready: boolean;
  applied: boolean;
  steps: boolean;
}

/** Who has to say a word: owners before callers begin, callers before owners end. */
export interface Ask {
  owners: readonly string[];
  callers: readonly string[];
}

/**
 * Who is asked about a change: an owner if another cluster may call it, callers that are not the only owner themselves.
 * `uids`: clusters that take part, by name.
 */
export function askFor({ comes, goes }: NameChange, uids: ReadonlyMap<string, string>): Ask {
  const known = (name: string): string[] => [uids.get(name) ?? []].flat();
  const owners = uids.size < 2 ? [] : comes.flatMap(({ cluster }) => known(cluster));
  const callers = goes.flatMap((gone) => [...uids].filter(([name]) => name !== gone.cluster).map(([, uid]) => uid));
  return { owners: distinct(owners), callers: distinct(callers) };
}

/** Begins with a change. What an earlier one still waits for is asked again, since its positions are replaced; its time goes on. */
export function begin(before: Rollout | undefined, ask: Ask, standing: Standing): Rollout | undefined {
  const { now, ownerWaitMs } = standing;
  if (ownerWaitMs === 0) return undefined;
  const waited = before?.step === 'expand' ? before.awaits : [];
  const since = new Map(waited.map(({ cluster, until }) => [cluster, until]));
  const owners = distinct([...since.keys(), ...ask.owners]);
  const left = before?.step === 'switch' ? before.awaits.map(({ cluster }) => cluster) : (before?.callers ?? []);
  const callers = distinct([...left, ...ask.callers]);
  const awaits = owners.map((cluster) => ({ cluster, until: since.get(cluster) ?? now + ownerWaitMs }));
  return inForm({ step: 'expand', awaits, callers, missed: before?.missed ?? [] }, ({ cluster }) =>
    standing.clusters.has(cluster),
  );
}

/** Goes on from what the clusters have acknowledged, as far as that goes; undefined: there is nothing left to wait for or to tell. */
export function advance(before: Rollout | undefined, standing: Standing): Rollout | undefined {
  if (before === undefined) return undefined;
  const { clusters, now } = standing;
  const isOpen = ({ cluster, until = Number.POSITIVE_INFINITY }: Awaited): boolean => {
    const said = clusters.get(cluster);
    if (said === undefined || until <= now) return false;
    return !(said.applied || (before.step === 'expand' && said.ready));
  };
  const isMissed = ({ cluster, until }: Awaited): boolean => until !== undefined && until <= now && isBehind(cluster);
  const isBehind = (cluster: string): boolean => clusters.get(cluster)?.applied === false;
  const missed = [...before.missed, ...before.awaits.filter(isMissed).map(({ cluster }) => cluster)];
  return inForm(
    { ...before, awaits: before.awaits.filter(isOpen), missed: missed.filter(isBehind) },
    ({ cluster }) => clusters.get(cluster)?.steps === true || isBehind(cluster),
  );
}

/** Skips steps that wait for nobody. `isAsked`: who still has to say a word after the step before. */
function inForm({ step, ...rest }: Rollout, isAsked: (one: Awaited) => boolean): Rollout | undefined {
  const missed = distinct(rest.missed);
  if (rest.awaits.length > 0)
    return { step, awaits: rest.awaits, callers: step === 'expand' ? rest.callers : [], missed };
  const next = step === 'expand' ? rest.callers.map((cluster) => ({ cluster })).filter(isAsked) : [];
  if (next.length > 0) return { step: 'switch', awaits: next, callers: [], missed };
  return missed.length === 0 ? undefined : { step: 'done', awaits: [], callers: [], missed };
}

/** When the time of the first that is waited for is over, as Unix milliseconds; undefined: nobody's is. */
export function dueOf(rollout: Rollout | undefined): number | undefined {
  const times = (rollout?.awaits ?? []).flatMap(({ until }) => until ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

function distinct(clusters: readonly string[]): string[] {
  return [...new Set(clusters)].sort();
}
