import { objectKey } from '@isthmus/domain';
import { approvalCovers } from '@isthmus/plan';
import type { OwnedObject } from '../cluster/cluster-port.js';

/** Judges how many deletions may happen in a while. Counts are kept by the implementation. */
export interface DeletionBreaker {
  /** True if `count` more deletions may happen now, of `total` objects; they are counted when allowed. */
  allow(count: number, total: number): boolean;
  /** Sees how many objects there are; what was decided elsewhere goes without being counted. */
  see(total: number): void;
}

/** Removals of one round, and what was decided about them. */
export interface RemovalsToJudge {
  removals: readonly OwnedObject[];
  total: number;
  /** Global namespaces that are left as a whole. */
  planned: ReadonlySet<string>;
  /** True if the signed catalog says that objects of this host, or of none, may go. */
  isDecided: (gns: string, host: string | undefined) => boolean;
}

/** Lets removals go or holds them: the mass-delete breaker, decided removals and approvals of exact sets. */
export interface PruneGate {
  judge(input: RemovalsToJudge): { go: OwnedObject[]; held: OwnedObject[] };
  /** A person approved the held set of this hash. */
  approve(gns: string, setHash: string): void;
}

/** Judges each global namespace's removals: decided and approved ones go, the rest goes as far as the breaker lets it. */
export function createPruneGate(breaker: DeletionBreaker): PruneGate {
  const approvals = new Map<string, string>();
  const heldKeys = new Map<string, ReadonlySet<string>>();
  return {
    approve(gns, setHash) {
      approvals.set(gns, setHash);
    },
    judge({ removals, total, planned, isDecided }) {
      const groups = groupByGns(removals);
      const go: OwnedObject[] = [];
      const waiting: OwnedObject[] = [];
      for (const [gns, all] of groups) {
        const { decided, group } = planned.has(gns) ? { decided: all, group: [] } : split(all, isDecided);
        go.push(...decided);
        if (isApproved({ gns, group, approvals, heldKeys })) go.push(...group);
        else waiting.push(...group);
      }
      breaker.see(total);
      const allowed = waiting.length === 0 || breaker.allow(waiting.length, total);
      if (allowed) go.push(...waiting);
      const held = allowed ? [] : waiting;
      remember(heldKeys, held);
      for (const gns of groups.keys()) if (!heldKeys.has(gns)) approvals.delete(gns);
      return { go: inOrder(removals, go), held };
    },
  };
}

/**
 * Objects whose removal was decided, and what is left to judge. Objects of no host go along with those of hosts, if nothing else
 * goes and they are not the bigger part: a cluster that gives up its last members gives up its gateway, too.
 */
function split(
  all: readonly OwnedObject[],
  isDecided: RemovalsToJudge['isDecided'],
): { decided: readonly OwnedObject[]; group: readonly OwnedObject[] } {
  const isOfDecided = ({ gns, host }: OwnedObject): boolean => isDecided(gns, host);
  const decided = all.filter(isOfDecided);
  const group = all.filter((owned) => !isOfDecided(owned));
  const goesAlong = group.length <= decided.length && group.every(({ host }) => host === undefined);
  return goesAlong ? { decided: all, group: [] } : { decided, group };
}

interface Approval {
  gns: string;
  group: readonly OwnedObject[];
  approvals: ReadonlyMap<string, string>;
  heldKeys: ReadonlyMap<string, ReadonlySet<string>>;
}

/** An approval counts for the set that was shown, or what is left of it; one more object and it lapses. */
function isApproved({ gns, group, approvals, heldKeys }: Approval): boolean {
  const approved = approvals.get(gns);
  if (approved === undefined) return false;
  const keys = group.map((owned) => objectKey(owned));
  return approvalCovers({ setHash: approved, shown: [...(heldKeys.get(gns) ?? keys)] }, keys);
}

function remember(heldKeys: Map<string, ReadonlySet<string>>, held: readonly OwnedObject[]): void {
  heldKeys.clear();
  for (const [gns, group] of groupByGns(held)) heldKeys.set(gns, new Set(group.map((owned) => objectKey(owned))));
}

function groupByGns(objects: readonly OwnedObject[]): Map<string, OwnedObject[]> {
  const groups = new Map<string, OwnedObject[]>();
  for (const owned of objects) groups.set(owned.gns, [...(groups.get(owned.gns) ?? []), owned]);
  return groups;
}

/** Removals keep the order that they were planned in. */
function inOrder(all: readonly OwnedObject[], some: readonly OwnedObject[]): OwnedObject[] {
  const chosen = new Set(some);
  return all.filter((owned) => chosen.has(owned));
}
