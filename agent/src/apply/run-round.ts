import { objectKey } from '@isthmus/domain';
import type { Issue, KubeObjectRef } from '@isthmus/domain';
import { inParallel } from '@isthmus/kube';
import type { RenderedObject } from '@isthmus/meshes';
import type { ObservedObject, PushPlace } from '@isthmus/plan';
import type { Position } from '@isthmus/protocol';
import { refOf, referenceOf } from '../cluster/cluster-port.js';
import type { ClusterPort, ClusterRecord, OwnedObject } from '../cluster/cluster-port.js';
import { agentIssue } from '../report/agent-issue.js';
import type { AgentIssueCode } from '../report/agent-issue.js';
import { keyOf } from './object-keys.js';
import { shareOut } from './desired.js';
import type { GnsWish, RenderWish } from './desired.js';
import type { Leads } from './leads.js';
import { idOf } from './lingers.js';
import type { Lingers, Place } from './lingers.js';
import type { Moves } from './moves.js';
import { GOING, OwnedSet, PENDING, ownedByGns, recordOf } from './owned-set.js';
import { planRound } from './plan-round.js';
import type { RoundPlan, RoundStep, WriteStep } from './plan-round.js';
import type { PruneGate } from './prune-gate.js';
import { withoutSettled } from './settled.js';
import type { Settled } from './settled.js';
import { readStanding } from './standing.js';

export interface Round {
  cluster: ClusterPort;
  record: ClusterRecord;
  fences: readonly Position[];
  wishes: readonly GnsWish[];
  gate: PruneGate;
  moves: Moves;
  lingers: Lingers;
  leads: Leads;
  /** What earlier rounds left as it is wanted; it is not looked at again as long as the very same object is wanted. */
  settled?: Settled | undefined;
  /** `upsert-only`: nothing is removed in this round, whatever is asked for. */
  mode: 'sync' | 'upsert-only';
}

/** What the round left behind for one global namespace. */
export interface GnsResult {
  gns: string;
  objects: readonly OwnedObject[];
  issues: Issue[];
  /** Some write or removal did not succeed. */
  failed: boolean;
  /** Some routes are not written yet, because what they name anew has not stood for its time, or its owners are asked still; or a new host does not resolve yet. */
  waiting: boolean;
  /** Keys of objects whose removal waits for a person. */
  held: string[];
}

export interface RoundResult {
  record: ClusterRecord;
  results: GnsResult[];
  /** When there is more to do although nothing changes: a moved view has settled by then, or what others name, or named, has had its time. */
  wakeInMs: number | undefined;
  /** What stands in the cluster as it is wanted, and says nothing worth reporting. */
  settled: Settled;
}

/**
 * One pass over what is owned and wanted, except what is settled. The record is saved before objects are made (so a crash leaves a
 * name without an object, never an object without a name) and after they are removed.
 */
export async function runRound(round: Round): Promise<RoundResult> {
  const recorded = new Map(round.record.owned.map((owned) => [keyOf(owned), owned]));
  const { wishes, issues } = shareOut(round.wishes, round.record.owned);
  const open = withoutSettled(wishes, recorded, round.settled ?? new Map());
  const observed = await observeAll(round.cluster, [
    ...open.wishes.flatMap(({ objects }) => objects.map(({ object }) => referenceOf(object))),
    ...[...open.recorded.values()].flat(),
  ]);
  const standing = await readStanding(round, open.wishes, observed);
  const { owned } = round.record;
  const extended = round.lingers.extend(open.wishes, { all: wishes, standing, owned });
  const wanted = round.leads.newHosts.introduce(extended, { standing, observed, owned });
  const { mode } = round;
  const plan = planRound({ mode, wishes: wanted, recorded: open.recorded, observed, owned });
  const run = new Run(round, { recorded, settled: open.settled, issues: mergeIssues(issues, plan.issues) });
  const writes = new Set(plan.writes.map(({ key }) => key));
  run.hold(plan, round.leads.hold({ wishes, standing, owned, writes }));
  await run.announce(plan, { wishes: wanted, observed });
  for (const together of waves(plan.writes, ({ at }) => at)) {
    await inParallel(together, round.cluster.parallel ?? 1, (item) => run.write(item));
  }
  await run.removeAll(plan.removals, wishes);
  return run.finish(wishes);
}

async function observeAll(
  cluster: ClusterPort,
  concerned: readonly KubeObjectRef[],
): Promise<Map<string, ObservedObject>> {
  const refs = new Map(concerned.map((ref) => [objectKey(ref), refOf(ref)]));
  const states = await inParallel(
    [...refs],
    cluster.parallel ?? 1,
    async ([key, ref]): Promise<[string, ObservedObject]> => [key, await cluster.observe(ref)],
  );
  return new Map(states);
}

/** Writes, or removals, of one place in the push order may go together; the next place waits for them. */
function waves<T>(steps: readonly T[], of: (step: T) => PushPlace): T[][] {
  const all: T[][] = [];
  let last: PushPlace | undefined;
  for (const step of steps) {
    const place = of(step);
    if (last?.side === place.side && last.order === place.order) all.at(-1)?.push(step);
    else all.push([step]);
    last = place;
  }
  return all;
}

function mergeIssues(...sources: Map<string, Issue[]>[]): Map<string, Issue[]> {
  const all = new Map<string, Issue[]>();
  for (const source of sources) for (const [gns, issues] of source) all.set(gns, [...(all.get(gns) ?? []), ...issues]);
  return all;
}

interface Start {
  recorded: ReadonlyMap<string, OwnedObject>;
  settled: Settled;
  issues: Map<string, Issue[]>;
}

interface Seen {
  wishes: readonly RenderWish[];
  observed: ReadonlyMap<string, ObservedObject>;
}

class Run {
  readonly #owned: OwnedSet;
  readonly #issues: Map<string, Issue[]>;
  readonly #failed = new Set<string>();
  readonly #waiting = new Set<string>();
  #withheld: ReadonlySet<string> = new Set<string>();
  readonly #held = new Map<string, string[]>();
  readonly #inPlace: Set<string>;
  readonly #settled: Map<string, RenderedObject>;
  readonly #wanted = new Map<string, { rendered: RenderedObject; gns: string }>();
  #wakeInMs: number | undefined;

  constructor(
    private readonly round: Round,
    { recorded, settled, issues }: Start,
  ) {
    this.#owned = new OwnedSet(recorded);
    this.#issues = issues;
    this.#settled = new Map(settled);
    this.#inPlace = new Set(settled.keys());
    if (JSON.stringify(round.record.fences) !== JSON.stringify(round.fences)) this.#owned.isChanged = true;
  }

  /** These are not written in this round. What stands of them stays. */
  hold(plan: RoundPlan, keys: ReadonlySet<string>): void {
    this.#withheld = keys;
    for (const { gns, key } of plan.writes) if (keys.has(key)) this.#withdrawHealing(gns, key);
    plan.writes = plan.writes.filter(({ key }) => !keys.has(key));
  }

  /** Names and fences go into the record before the first object is touched. */
  async announce(plan: RoundPlan, { wishes, observed }: Seen): Promise<void> {
    for (const { gns, objects } of wishes) for (const rendered of objects) this.#want(rendered, gns);
    for (const step of plan.keeps) this.#keep(step, observed.get(step.key));
    for (const { key, owned, gns } of plan.writes) {
      const known = this.#owned.get(key);
      this.#owned.set(key, { ...owned, gns, uid: known?.uid, hash: known?.hash ?? PENDING });
    }
    await this.#save();
  }

  async write({ key, object, owned, gns }: WriteStep): Promise<void> {
    const result = await this.round.cluster.apply(object);
    if (result.outcome === 'done') {
      this.#place(key, true);
      this.#owned.set(key, { ...owned, gns, uid: result.uid ?? this.#owned.get(key)?.uid });
      return;
    }
    this.#withdrawHealing(gns, key);
    this.#fail(gns, `${key}: ${result.reason}`, result.code);
    if (result.outcome === 'refused' && this.#owned.get(key)?.hash === PENDING) this.#owned.delete(key);
  }

  #keep({ key, owned, gns, reason }: RoundStep<'keep'>, observed: ObservedObject | undefined): void {
    if (reason === 'EQUAL') this.#place(key, isQuiet(observed));
    // Nobody knows whether it is there: that must not be acknowledged as applied.
    if (reason === 'UNKNOWN') this.#failed.add(gns);
    if (reason === 'EQUAL' || this.#owned.has(key)) this.#owned.set(key, { ...owned, gns });
  }

  /** Of two that are rendered under one name the first is wanted. */
  #want(rendered: RenderedObject, gns: string): void {
    const key = keyOf(rendered.object);
    if (!this.#wanted.has(key)) this.#wanted.set(key, { rendered, gns });
  }

  /** What is wanted and does not stand, for whatever reason, must not be acknowledged as applied: others would rely on it. */
  #failWhatIsMissing(): void {
    for (const [key, { gns }] of this.#wanted) {
      if (this.#withheld.has(key)) this.#waiting.add(gns);
      else if (!this.#inPlace.has(key)) this.#failed.add(gns);
      else if (this.round.leads.newHosts.isIntroduced(key)) this.#waiting.add(gns);
    }
  }

  /** The object stands as it is wanted; if there is nothing more to say of it, it is settled. */
  #place(key: string, settles: boolean): void {
    this.#inPlace.add(key);
    const wanted = this.#wanted.get(key);
    if (settles && wanted !== undefined) this.#settled.set(key, wanted.rendered);
  }

  async removeAll(removals: readonly OwnedObject[], wishes: readonly RenderWish[]): Promise<void> {
    const isInPlace = (key: string): boolean => this.#inPlace.has(key);
    const moves = this.round.moves.judge({ removals, wishes, isInPlace });
    this.#wakeInMs = moves.nextInMs;
    const due = this.round.lingers.due(moves.ordinary, wishes);
    const planned = new Set(wishes.filter((wish) => wish.planned).map(({ gns }) => gns));
    const decisions = new Map(wishes.map((wish) => [wish.gns, wish.isDecided]));
    const isDecided = (gns: string, host: string | undefined): boolean => decisions.get(gns)?.(host) === true;
    const total = this.#owned.size;
    const { go, held } = this.round.gate.judge({ removals: due, total, planned, isDecided });
    for (const owned of held) this.#hold(owned);
    // A moved view takes nothing away: it is no deletion that the gate would have to judge.
    const chosen = new Set([...go, ...moves.go]);
    const inOrder = removals.filter((owned) => chosen.has(owned));
    // Whoever finds one of them gone after a crash must not think that somebody else removed it.
    for (const owned of inOrder) this.#owned.set(keyOf(owned), { ...owned, hash: GOING });
    if (inOrder.length > 0) await this.#save();
    for (const together of waves(inOrder, (owned) => owned)) {
      await inParallel(together, this.round.cluster.parallel ?? 1, (owned) => this.#remove(owned));
    }
  }

  async finish(wishes: readonly RenderWish[]): Promise<RoundResult> {
    this.#failWhatIsMissing();
    await this.#save();
    const standsAsWanted = this.#standsAsWanted(wishes);
    this.#wakeBy(this.round.lingers.settle(standsAsWanted));
    this.#wakeBy(this.round.leads.newHosts.settle(standsAsWanted));
    this.#wakeBy(this.round.leads.settle(wishes, (key) => this.#inPlace.has(key)));
    const record = this.#saved ?? { fences: [...this.round.fences], owned: this.round.record.owned };
    const byGns = ownedByGns(record.owned);
    const gnsIds = new Set([...this.round.wishes.map(({ gns }) => gns), ...byGns.keys()]);
    const results = [...gnsIds].sort().map((gns) => this.#resultOf(gns, byGns.get(gns) ?? []));
    return { record, results, wakeInMs: this.#wakeInMs, settled: this.#settled };
  }

  #wakeBy(milliseconds: number | undefined): void {
    if (milliseconds !== undefined) this.#wakeInMs = Math.min(milliseconds, this.#wakeInMs ?? milliseconds);
  }

  /** True where every client object of a host stands as it is wanted, and no other one does. Looked into when it is first asked. */
  #standsAsWanted(wishes: readonly RenderWish[]): (place: Place) => boolean {
    let open: ReadonlySet<string> | undefined;
    return (place) => {
      open ??= this.#openPlaces(wishes);
      return !open.has(idOf(place));
    };
  }

  #openPlaces(wishes: readonly RenderWish[]): ReadonlySet<string> {
    const wanted = new Set<string>();
    const open = new Set<string>();
    for (const { gns, objects } of wishes) {
      for (const { side, host, object } of objects) {
        wanted.add(keyOf(object));
        if (side === 'client' && host !== undefined && !this.#inPlace.has(keyOf(object))) open.add(idOf({ gns, host }));
      }
    }
    for (const [key, { gns, side, host }] of this.#owned.byKey())
      if (side === 'client' && host !== undefined && !wanted.has(key)) open.add(idOf({ gns, host }));
    return open;
  }

  async #remove(owned: OwnedObject): Promise<void> {
    const key = keyOf(owned);
    const result = await this.round.cluster.remove(refOf(owned), owned.uid);
    if (result.outcome === 'failed') return this.#fail(owned.gns, `${key}: ${result.reason}`, result.code);
    if (result.outcome === 'refused')
      this.#issue(
        owned.gns,
        agentIssue(result.code ?? 'ISM0430', { path: '', message: `${key} is not removed: ${result.reason}` }),
      );
    this.#owned.delete(key);
    this.#settled.delete(key);
  }

  #hold(owned: OwnedObject): void {
    this.#held.set(owned.gns, [...(this.#held.get(owned.gns) ?? []), keyOf(owned)]);
  }

  #fail(gns: string, message: string, code: AgentIssueCode = 'ISM0431'): void {
    this.#failed.add(gns);
    this.#issue(gns, agentIssue(code, { path: '', message }));
  }

  /** What was not written was not healed. */
  #withdrawHealing(gns: string, key: string): void {
    const issues = this.#issues.get(gns) ?? [];
    this.#issues.set(
      gns,
      issues.filter(({ code, path }) => code !== 'ISM0433' || path !== key),
    );
  }

  #issue(gns: string, found: Issue): void {
    this.#issues.set(gns, [...(this.#issues.get(gns) ?? []), found]);
  }

  #resultOf(gns: string, owned: readonly OwnedObject[]): GnsResult {
    const held = (this.#held.get(gns) ?? []).sort();
    return {
      gns,
      objects: owned,
      issues: [...(this.#issues.get(gns) ?? []), ...this.#waitsOf(gns, held.length)],
      failed: this.#failed.has(gns),
      waiting: this.#waiting.has(gns),
      held,
    };
  }

  /** What waits although nothing failed. */
  #waitsOf(gns: string, held: number): Issue[] {
    const deletions = agentIssue('ISM0434', { path: '', message: `${String(held)} deletions wait for approval` });
    const routes = agentIssue('ISM0448', {
      path: '',
      message: 'routes wait for the owners of what they begin to name',
    });
    return [...(held === 0 ? [] : [deletions]), ...(this.round.leads.waitingForOwners().has(gns) ? [routes] : [])];
  }

  #saved: ClusterRecord | undefined;

  async #save(): Promise<void> {
    if (!this.#owned.isChanged) return;
    const record = recordOf(this.round.fences, this.#owned.byKey());
    await this.round.cluster.saveRecord(record);
    this.#owned.isChanged = false;
    this.#saved = record;
  }
}

/** Nobody else has a hand in it. */
function isQuiet(observed: ObservedObject | undefined): boolean {
  return observed?.state === 'ours' && (observed.others ?? []).length === 0;
}
