import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DEFAULT_PROJECT, hasErrors, issue, sortIssues, type Issue } from '@isthmus/domain';
import type {
  DeleteOutcome,
  InventoryHeadRecord,
  MutationTx,
  PutOutcome,
  ResourceKey,
  ResourceRecord,
  Store,
} from '@isthmus/store';
import { secrecyIn } from '../../auth/secrecy.js';
import { auditOf, authorize, mayRead, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import { type Departed, leavingNames, readDeparted, withoutGone } from '../../preview/departed.js';
import { previewLeaving } from '../../preview/leaving-members.js';
import { previewChange } from '../../preview/preview.js';
import { visibleTo } from './visible-preview.js';
import { afterDeletion, refusedDeletion } from '../clusters/cluster-acts.js';
import { failure, isFailure, type MutationFailure } from '../results/failure.js';
import type { ApplyOk, ApplyRequest, ResourceChange } from './apply-request.js';
import { keyOfResource, keyText, refOf } from './desired.js';
import { revokeScope } from '../roles/revoke-scope.js';
import { authorizeDeletion, authorizePut, authorizeReplacement, isDeletable } from './change-rights.js';
import { carries, requestIssues } from './request-issues.js';
import { inventoriesSince } from './inventories.js';
import { judge, type Judgement, wrongWith } from './judge.js';
import { stillNeeded } from './still-needed.js';
import { documentsOf, type JudgedUnder, StoredSets, type StoredSet } from './stored-sets.js';
import { takenNames } from './taken-names.js';

type Outcome = ApplyOk | MutationFailure;

/** What a change starts from. */
interface Known {
  set: StoredSet;
  heads: InventoryHeadRecord[];
  departed: Departed;
}

/** The one way resources are changed: all of a request or nothing, judged against everything else that is stored. */
@Injectable()
export class ApplyService {
  private readonly sets = new StoredSets();

  constructor(@Inject(STORE) private readonly store: Store) {}

  async apply(viewer: Viewer, request: ApplyRequest): Promise<Outcome> {
    const { org } = authorize(
      viewer,
      request.puts.length > 0 || request.deletes.length === 0 ? 'resources.write' : 'resources.delete',
    );
    for (const put of request.puts) authorizePut(viewer, put);
    for (const { key } of request.deletes) authorizeDeletion(viewer, key);
    const found = requestIssues(request);
    if (hasErrors(found)) return invalid(sortIssues(found));
    const keep = (outcome: Outcome): boolean => !isFailure(outcome) && !request.dryRun;
    const audit = auditOf(viewer, request.action);
    return this.store.mutate(org, audit, (tx) => this.once(tx, viewer, request), { commitIf: keep, timeoutMs: 60_000 });
  }

  private async once(tx: MutationTx, viewer: Viewer, request: ApplyRequest): Promise<Outcome> {
    const { idempotencyKey: key, dryRun } = request;
    if (key === undefined || dryRun) return this.change(tx, viewer, request);
    const requestHash = createHash('sha256')
      .update(JSON.stringify([request.action, request.input]))
      .digest('hex');
    const begun = await tx.idempotency.begin({ actor: viewer.actor, key, requestHash });
    if (begun.outcome === 'replay') return begun.response as Outcome;
    if (begun.outcome === 'mismatch') {
      return failure('IDEMPOTENCY_MISMATCH', `The idempotency key ${key} was used for another request`);
    }
    const outcome = await this.change(tx, viewer, request);
    if (!isFailure(outcome)) await tx.idempotency.finish({ actor: viewer.actor, key, response: outcome });
    return outcome;
  }

  private async change(tx: MutationTx, viewer: Viewer, request: ApplyRequest): Promise<Outcome> {
    const known = await this.known(tx);
    const stored = new Map(known.set.records);
    const written = await this.write(tx, { viewer, request, stored });
    if (isFailure(written)) return written;
    const before = [...known.set.records.values()];
    const after = [...stored.values()];
    const { blocking, remarks, judged } = await this.judge(tx, { known, before, after });
    const secrecy = await secrecyIn(tx, viewer, after);
    const { told } = secrecy;
    const locate = (one: Issue): Issue => told(request.locate?.(one) ?? one);
    if (blocking.length > 0) {
      const told = blocking.map((one) => locate(stillNeeded(one, request, written)));
      return invalid(sortIssues([...(request.issues ?? []), ...told]));
    }
    const changed = new Set(written.filter(({ outcome }) => outcome !== 'UNCHANGED').map(keyText));
    const departed = written.some(({ outcome }) => outcome === 'DELETED') ? await readDeparted(tx) : known.departed;
    const inventories = judged.inventories.byCluster;
    const [was, willBe] = [withoutGone(before, departed), withoutGone(after, departed)];
    const comparison = { before: was, after: willBe, inventories, changed, leaving: leavingNames(before, departed) };
    const leaving = await previewLeaving(tx, comparison);
    const issues = sortIssues([...(request.issues ?? []), ...[...remarks, ...leaving].map(locate)]);
    if (!request.dryRun) {
      this.sets.keep(tx.org, { stamp: await tx.resources.lock(), records: stored, judged });
      return { dryRun: false, changes: written, issues };
    }
    const preview = await previewChange(tx, visibleTo(viewer, comparison), secrecy);
    return { dryRun: true, changes: written.map(withoutFreshUid), issues, preview };
  }

  /** What is stored, under the lock of the resources; in one round trip if it is what was stored last time. */
  private async known(tx: MutationTx): Promise<Known> {
    const [stamp, heads, departed] = await Promise.all([tx.resources.lock(), tx.inventory.heads(), readDeparted(tx)]);
    return { set: await this.sets.current(tx, stamp), heads, departed };
  }

  private async judge(
    tx: MutationTx,
    { known: { set, heads }, before, after }: { known: Known; before: ResourceRecord[]; after: ResourceRecord[] },
  ): Promise<Judgement & { judged: JudgedUnder }> {
    const clusters = uniqueClusters(before, after);
    const { judged } = set;
    const inventories = await inventoriesSince(tx, { clusters, heads }, judged?.inventories);
    const isJudged = judged?.inventories === inventories;
    const known = isJudged ? judged.issues : wrongWith(documentsOf(before), inventories.byCluster);
    const judgement = judge(known, documentsOf(after), inventories.byCluster);
    return { ...judgement, judged: { inventories, issues: judgement.found } };
  }

  /** Writes what is asked for; `stored` follows. */
  private async write(
    tx: MutationTx,
    { viewer, request, stored }: { viewer: Viewer; request: ApplyRequest; stored: Map<string, ResourceRecord> },
  ): Promise<ResourceChange[] | MutationFailure> {
    const changes: ResourceChange[] = [];
    const pruned = prunedBy(request, stored, viewer);
    for (const desired of request.puts)
      authorizeReplacement(viewer, desired, stored.get(keyText(keyOfResource(desired.resource))));
    const taken = takenNames(request, stored);
    if (taken !== undefined) return taken;
    for (const { resource, expectedVersion } of request.puts) {
      const key = keyOfResource(resource);
      const { labels, annotations } = resource.metadata;
      const put = await tx.resources.put({ ...key, labels, annotations, spec: resource.spec, expectedVersion });
      if (put.outcome === 'conflict') return conflict(key, put.current);
      stored.set(keyText(key), put.record);
      changes.push(changeOfPut(put));
    }
    for (const { key, expectedVersion } of [...request.deletes, ...pruned]) {
      if (!isDeletable(viewer, stored.get(keyText(key)))) return failure('NOT_FOUND', `There is no ${title(key)}`);
      if (key.kind === 'Project' && key.name === DEFAULT_PROJECT) return defaultProjectStays();
      const gone = await remove(tx, key, expectedVersion);
      if (isFailure(gone)) return gone;
      stored.delete(keyText(key));
      changes.push(gone);
    }
    return changes;
  }
}

async function remove(
  tx: MutationTx,
  key: ResourceKey,
  expectedVersion: string | undefined,
): Promise<ResourceChange | MutationFailure> {
  const cluster = key.kind === 'Cluster' ? await tx.resources.get(key) : undefined;
  const refusal = cluster && (await refusedDeletion(tx, cluster));
  if (refusal !== undefined) return refusal;
  const gone = await tx.resources.delete(key, expectedVersion);
  if (gone.outcome === 'conflict') return conflict(key, gone.current);
  if (gone.outcome === 'absent') return failure('NOT_FOUND', `There is no ${title(key)}`);
  if (cluster !== undefined) await afterDeletion(tx, cluster.uid);
  await revokeScope(tx, key);
  return changeOfDelete(gone);
}

const OUTCOMES = { created: 'CREATED', updated: 'UPDATED', unchanged: 'UNCHANGED' } as const;

function changeOfPut({ outcome, record }: Exclude<PutOutcome, { outcome: 'conflict' }>): ResourceChange {
  const { kind, project, name, uid } = record;
  return { outcome: OUTCOMES[outcome], kind, project, name, uid };
}

function changeOfDelete({ record }: Extract<DeleteOutcome, { outcome: 'deleted' }>): ResourceChange {
  const { kind, project, name, uid } = record;
  return { outcome: 'DELETED', kind, project, name, uid };
}

/** The uid of a creation that is rolled back will never exist. */
function withoutFreshUid(change: ResourceChange): ResourceChange {
  const { uid: _uid, ...rest } = change;
  return change.outcome === 'CREATED' ? rest : change;
}

/** What prune deletes: policies before what they target, by the order of kinds from last to first. */
function prunedBy(
  { prune, puts }: ApplyRequest,
  stored: ReadonlyMap<string, ResourceRecord>,
  viewer: Viewer,
): { key: ResourceKey; expectedVersion?: string }[] {
  if (prune === undefined) return [];
  const kept = new Set(puts.map(({ resource }) => keyText(keyOfResource(resource))));
  return [...stored.values()]
    .filter((record) => mayRead(viewer, record) && carries(record.labels, prune) && !kept.has(keyText(record)))
    .map(({ kind, project, name }) => ({ key: { kind, project, name } }));
}

function uniqueClusters(before: readonly ResourceRecord[], after: readonly ResourceRecord[]): ResourceRecord[] {
  const clusters = [...before, ...after].filter(({ kind }) => kind === 'Cluster');
  return [...new Map(clusters.map((cluster) => [cluster.uid, cluster])).values()];
}

function title({ kind, project, name }: ResourceKey): string {
  return project === '' ? `${kind} ${name}` : `${kind} ${name} in project ${project}`;
}

function conflict(key: ResourceKey, current: ResourceRecord | undefined): MutationFailure {
  const message =
    current === undefined
      ? `${title(key)} does not exist any more`
      : `${title(key)} is at version ${current.resourceVersion} now, another one than expected`;
  const issues = [issue('ISM0501', { path: 'metadata.resourceVersion', message, resource: refOf(key) })];
  return failure('CONFLICT', message, current === undefined ? { issues } : { issues, current: current.uid });
}

function defaultProjectStays(): MutationFailure {
  const message = `The project ${DEFAULT_PROJECT} cannot be deleted`;
  const resource = { kind: 'Project', name: DEFAULT_PROJECT };
  return failure('REFUSED', message, { issues: [issue('ISM0509', { message, resource })] });
}

function invalid(issues: Issue[]): MutationFailure {
  const errors = issues.filter(({ severity }) => severity === 'ERROR').length;
  return failure('INVALID', `${errors} ${errors === 1 ? 'error' : 'errors'}; nothing was changed`, { issues });
}
