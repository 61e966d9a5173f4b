import { objectKey } from '@isthmus/domain';
import type { Issue } from '@isthmus/domain';
import { byPushOrder, byStepOrder, planApply } from '@isthmus/plan';
import type { ObservedObject, PlanStep, PushPlace } from '@isthmus/plan';
import type { OwnedObject } from '../cluster/cluster-port.js';
import { agentIssue } from '../report/agent-issue.js';
import type { RenderWish } from './desired.js';
import { writePlaces } from './write-places.js';
import type { WritePlaceOf } from './write-places.js';

/** A step with the global namespace that it is for. */
export type RoundStep<A extends PlanStep['action'] = PlanStep['action']> = Extract<PlanStep, { action: A }> & {
  gns: string;
};

/** A write, with where it comes among the others. */
export type WriteStep = RoundStep<'create' | 'update'> & { at: PushPlace };

/** Steps of all global namespaces together: writes owner before client, removals client before owner. */
export interface RoundPlan {
  writes: WriteStep[];
  keeps: RoundStep<'keep'>[];
  removals: OwnedObject[];
  issues: Map<string, Issue[]>;
}

export interface RoundInput {
  mode: 'sync' | 'upsert-only';
  wishes: readonly RenderWish[];
  /** Names in the record that are looked at in this round, by global namespace. */
  recorded: ReadonlyMap<string, readonly OwnedObject[]>;
  observed: ReadonlyMap<string, ObservedObject>;
  /** Every name in the record. */
  owned: readonly OwnedObject[];
}

/** Plans every rendered global namespace over its own part of the record. */
export function planRound(input: RoundInput): RoundPlan {
  const plan: RoundPlan = { writes: [], keeps: [], removals: [], issues: new Map() };
  const hashes = new Map([...input.recorded.values()].flat().map((owned) => [objectKey(owned), owned.hash]));
  for (const wish of input.wishes) {
    const recorded = input.recorded.get(wish.gns) ?? [];
    const { mode, observed } = input;
    const { steps, issues } = planApply({ mode, desired: wish.objects, recorded, observed, keepHosts: wish.keepHosts });
    const noted = steps.flatMap((step) => noteOf(step, { observed, hashes }));
    if (issues.length + noted.length > 0) plan.issues.set(wish.gns, [...issues, ...noted]);
    const placeOf = writePlaces(wish, input.owned);
    for (const step of steps) sortIn(plan, { gns: wish.gns, step, placeOf });
  }
  plan.writes.sort((a, b) => byStepOrder({ key: a.key, owned: a.at }, { key: b.key, owned: b.at }));
  plan.removals.sort((a, b) => byPushOrder(b, a));
  return plan;
}

interface Sorting {
  gns: string;
  step: PlanStep;
  placeOf: WritePlaceOf;
}

function sortIn(plan: RoundPlan, { gns, step, placeOf }: Sorting): void {
  switch (step.action) {
    case 'create':
    case 'update':
      plan.writes.push({ ...step, gns, at: placeOf(step) });
      return;
    case 'keep':
      plan.keeps.push({ ...step, gns });
      return;
    case 'delete':
      plan.removals.push({ ...step.owned, gns });
      return;
    case 'conflict':
      return;
  }
}

/** What somebody should know of a step: drift, fields of other hands, an object that could not be read. */
function noteOf(
  step: PlanStep,
  { observed, hashes }: Pick<RoundInput, 'observed'> & { hashes: ReadonlyMap<string, string> },
): Issue[] {
  switch (step.action) {
    case 'keep':
      if (step.reason === 'UNKNOWN') return [unknownState(step.key, observed)];
      return step.reason === 'EQUAL' ? addedFields(step.key, observed) : [];
    case 'create':
    case 'update':
      return hashes.get(step.key) === step.owned.hash && isByOthers(observed.get(step.key))
        ? [drift(step.action, step.key, observed)]
        : [];
    case 'delete':
    case 'conflict':
      return [];
  }
}

/** What is as an agent wrote it is no drift: one that was killed wrote it, and not into its record any more. */
function isByOthers(observed: ObservedObject | undefined): boolean {
  return observed?.state !== 'ours' || observed.isEdited;
}

function drift(action: 'create' | 'update', key: string, observed: RoundInput['observed']): Issue {
  const by = othersOf(key, observed) ?? 'somebody';
  const what = action === 'create' ? 'was removed by somebody' : `was changed by ${by}`;
  return agentIssue('ISM0433', { path: key, message: `${key} ${what} and is put back` });
}

function unknownState(key: string, observed: RoundInput['observed']): Issue {
  const state = observed.get(key);
  const reason = state?.state === 'unknown' ? state.reason : 'it was not read';
  return agentIssue('ISM0432', { path: key, message: `${key}: ${reason}` });
}

function addedFields(key: string, observed: RoundInput['observed']): Issue[] {
  const by = othersOf(key, observed);
  return by === undefined ? [] : [agentIssue('ISM0442', { path: key, message: `${key} has more fields, of ${by}` })];
}

function othersOf(key: string, observed: RoundInput['observed']): string | undefined {
  const state = observed.get(key);
  return state?.state === 'ours' ? state.others?.join(', ') : undefined;
}
