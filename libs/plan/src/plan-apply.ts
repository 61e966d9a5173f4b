import { issue, objectKey, type Issue, type KubeObject } from '@isthmus/domain';
import type { RenderedObject } from '@isthmus/meshes';
import { byStepOrder, ownedFrom, type ObservedObject, type OwnedObject } from './ownership.js';

/** sync: writes and removals; upsert-only: nothing is removed; dry-run: the plan is for showing. */
export type PlanMode = 'sync' | 'upsert-only' | 'dry-run';

/** Why an object is left exactly as it is. */
export type KeepReason = 'EQUAL' | 'UPSERT_ONLY' | 'HOST_KEPT' | 'UNKNOWN' | 'HELD';

/** One step of a plan, by key `apiVersion/kind/namespace/name`. */
export type PlanStep =
  | { action: 'create' | 'update'; key: string; owned: OwnedObject; object: KubeObject }
  | { action: 'delete'; key: string; owned: OwnedObject }
  | { action: 'keep'; key: string; owned: OwnedObject; reason: KeepReason }
  | { action: 'conflict'; key: string; issue: Issue };

/** What is wanted, what the record says is ours, and what stands in the cluster under the names of both. */
export interface PlanInput {
  mode: PlanMode;
  desired: readonly RenderedObject[];
  recorded: readonly OwnedObject[];
  /** By key; a name that is absent here could not be read. */
  observed: ReadonlyMap<string, ObservedObject>;
  /** Hosts whose objects stay as they are, because this version cannot read their entries. */
  keepHosts?: ReadonlySet<string>;
}

/** Steps in the order to take them: writes owner before client, then removals client before owner; the rest in between. */
export interface ApplyPlan {
  mode: PlanMode;
  steps: PlanStep[];
  issues: Issue[];
}

const UNREAD: ObservedObject = { state: 'unknown', reason: 'it was not read' };

function conflict(key: string, message: string): PlanStep {
  return { action: 'conflict', key, issue: issue('ISM0430', { path: key, message }) };
}

function planOurs(
  item: { key: string; object: KubeObject; owned: OwnedObject },
  observed: { hash: string },
  known: OwnedObject | undefined,
): PlanStep {
  const { key, object, owned } = item;
  if (observed.hash === owned.hash)
    return { action: 'keep', key, owned: { ...owned, uid: known?.uid }, reason: 'EQUAL' };
  if (known === undefined) return conflict(key, `${key} carries our label, but this agent did not make it`);
  return { action: 'update', key, object, owned: { ...owned, uid: known.uid } };
}

function planDesired(rendered: RenderedObject, observed: ObservedObject, known: OwnedObject | undefined): PlanStep {
  const owned = ownedFrom(rendered);
  const item = { key: objectKey(rendered.object), object: rendered.object, owned };
  switch (observed.state) {
    case 'absent':
      return { action: 'create', ...item };
    case 'foreign':
      return conflict(item.key, `${item.key} exists and is not ours`);
    case 'unknown':
      return { action: 'keep', key: item.key, owned: known ?? owned, reason: 'UNKNOWN' };
    case 'ours':
      return planOurs(item, observed, known);
  }
}

/** A uid other than the recorded one means that somebody made the object anew: then it is not ours to remove. */
function isReplaced(owned: OwnedObject, observed: ObservedObject): boolean {
  return (
    observed.state === 'ours' && owned.uid !== undefined && observed.uid !== undefined && owned.uid !== observed.uid
  );
}

function planRemoval(owned: OwnedObject, observed: ObservedObject, input: PlanInput): PlanStep {
  const key = objectKey(owned);
  if (owned.host !== undefined && input.keepHosts?.has(owned.host) === true)
    return { action: 'keep', key, owned, reason: 'HOST_KEPT' };
  if (observed.state === 'foreign') return conflict(key, `${key} no longer carries our label, so it is not removed`);
  if (isReplaced(owned, observed)) return conflict(key, `${key} was made anew by somebody, so it is not removed`);
  if (observed.state === 'unknown') return { action: 'keep', key, owned, reason: 'UNKNOWN' };
  return input.mode === 'upsert-only'
    ? { action: 'keep', key, owned, reason: 'UPSERT_ONLY' }
    : { action: 'delete', key, owned };
}

function doubles(desired: readonly RenderedObject[]): { unique: Map<string, RenderedObject>; conflicts: PlanStep[] } {
  const unique = new Map<string, RenderedObject>();
  const conflicts: PlanStep[] = [];
  for (const rendered of desired) {
    const key = objectKey(rendered.object);
    if (unique.has(key))
      conflicts.push({
        action: 'conflict',
        key,
        issue: issue('ISM0440', { path: key, message: `${key} is rendered twice` }),
      });
    else unique.set(key, rendered);
  }
  return { unique, conflicts };
}

const RANK: Record<PlanStep['action'], number> = { create: 0, update: 0, keep: 1, conflict: 2, delete: 3 };

function byStep(a: PlanStep, b: PlanStep): number {
  const rank = RANK[a.action] - RANK[b.action];
  if (rank !== 0 || a.action === 'conflict' || b.action === 'conflict') return rank || (a.key < b.key ? -1 : 1);
  return a.action === 'delete' ? byStepOrder(b, a) : byStepOrder(a, b);
}

/**
 * Plans one round over the objects of a cluster. Only an object that carries our label and stands in the record is ours:
 *
 * | wanted | observed | recorded | then |
 * |---|---|---|---|
 * | yes | absent | any | create |
 * | yes | ours, equal | any | keep |
 * | yes | ours, other | yes | update |
 * | yes | ours, other | no | conflict |
 * | any | foreign | any | conflict, never touched |
 * | any | unknown | any | keep |
 * | no | ours or absent | yes | delete (keep in upsert-only, or if its host is kept) |
 */
export function planApply(input: PlanInput): ApplyPlan {
  const recorded = new Map(input.recorded.map((owned) => [objectKey(owned), owned]));
  const { unique, conflicts } = doubles(input.desired);
  const steps = [...conflicts];
  for (const [key, rendered] of unique)
    steps.push(planDesired(rendered, input.observed.get(key) ?? UNREAD, recorded.get(key)));
  for (const [key, owned] of recorded)
    if (!unique.has(key)) steps.push(planRemoval(owned, input.observed.get(key) ?? UNREAD, input));
  steps.sort(byStep);
  return { mode: input.mode, steps, issues: steps.flatMap((step) => (step.action === 'conflict' ? [step.issue] : [])) };
}

/** The plan with these deletions held: the objects stay, everything else goes on. */
export function withHeld(plan: ApplyPlan, held: ReadonlySet<string>): ApplyPlan {
  const steps = plan.steps.map((step): PlanStep => {
    const isHeld = step.action === 'delete' && held.has(step.key);
    return isHeld ? { action: 'keep', key: step.key, owned: step.owned, reason: 'HELD' } : step;
  });
  return { ...plan, steps };
}
