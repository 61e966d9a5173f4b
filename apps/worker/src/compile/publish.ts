import { isDeepStrictEqual } from 'node:util';
import {
  EMPTY_ROOT,
  changedNodes,
  diffTrees,
  memberEntryName,
  type Issue,
  type IssueCode,
  type MemberTransition,
  type Tree,
} from '@isthmus/domain';
import type { HeadRecord, MemberTransition as StoredTransition, MutationTx, StoredObject } from '@isthmus/store';
import type { Signer } from '../signer/signer.js';
import { newcomers, type CatalogDraft } from './catalog-draft.js';
import { rowsAfter, type HostMoves, type SettledRows } from './recorded-rows.js';
import type { Snapshot } from './snapshot.js';
import { signCatalog } from './statements.js';
import { takeStep, type Change } from './steps.js';
import { SupersededError } from './superseded.js';
import { targetMoves } from './target-moves.js';
import { forgetRemovals, writeHold, writeRemovals } from './write-removals.js';

/** A compiled policy, or why there is none. `previous` is the tree in force, whose objects are stored. */
export interface PolicyDraft {
  tree: Tree | undefined;
  previous: Tree;
  compilerVersion: number;
  issues: Issue[];
}

/** Everything that one compile wants to write. */
export interface Draft {
  snapshot: Snapshot;
  /** Undefined: only the catalog was compiled. */
  policy: PolicyDraft | undefined;
  catalog: CatalogDraft;
  previousCatalog: Tree;
}

/** What was written. */
export interface Published {
  catalogMoved: boolean;
  targetsMoved: number;
  transitions: number;
  /** The rows that hold until the next publication. */
  settled: SettledRows | undefined;
}

const encoder = new TextEncoder();

function objectsOf(known: Tree, tree: Tree): StoredObject[] {
  return [...changedNodes(known, tree)].map(({ hash, kind, text }) => ({ hash, kind, bytes: encoder.encode(text) }));
}

function storedTransition(step: MemberTransition, versions: ReadonlyMap<string, number>): StoredTransition {
  const { host, cluster, namespace, service, to, enteredSeq, dueAt } = step;
  const expectedVersion = versions.get(memberEntryName(step)) ?? 0;
  return {
    host,
    cluster,
    namespace,
    service,
    next: to,
    enteredSeq,
    expectedVersion,
    ...(dueAt === undefined ? {} : { dueAt: new Date(dueAt) }),
  };
}

/** A service has one home: newcomers are checked under a lock of the organization, so that two compiles cannot both take one. */
async function checkClaims(tx: MutationTx, { snapshot, catalog }: Draft): Promise<void> {
  const services = newcomers(catalog);
  if (services.length === 0) return;
  await tx.lock('service-claims');
  const held = await tx.members.heldElsewhere(snapshot.key.gns, services);
  if (held.length > 0) throw new SupersededError(`${held.length} services were claimed meanwhile`);
}

async function writeMembers(tx: MutationTx, draft: Draft): Promise<void> {
  const { snapshot, catalog } = draft;
  await checkClaims(tx, draft);
  const hosts = new Set(catalog.transitions.map(({ host }) => host));
  const rows = snapshot.rows.members.filter(({ host }) => hosts.has(host));
  const versions = new Map(rows.map((row) => [memberEntryName(row), row.version]));
  const steps = catalog.transitions.map((step) => storedTransition(step, versions));
  const { conflicts } = await tx.members.apply(snapshot.key.gns, steps);
  if (conflicts.length > 0) throw new SupersededError(`${conflicts.length} members moved meanwhile`);
}

const HOST_ENTRY = /^host\/([^/]+)$/;

function hostsIn(names: readonly string[]): string[] {
  return names.flatMap((name) => HOST_ENTRY.exec(name)?.[1] ?? []);
}

/** Addresses and port contracts follow the hosts: new ones are recorded, those of vanished hosts released. */
async function writeHosts(tx: MutationTx, { snapshot, catalog, previousCatalog }: Draft): Promise<HostMoves> {
  const { gns } = snapshot.key;
  const { newVips, newPortContracts, refixedHosts } = catalog.outcome;
  const { put, remove } = diffTrees(previousCatalog, catalog.tree);
  const { refused } = await tx.vips.allocate(gns, newVips);
  if (refused.length > 0) throw new SupersededError(`${refused.length} addresses were taken meanwhile`);
  const vanished = hostsIn(remove);
  const outdated = [...refixedHosts, ...vanished];
  if (outdated.length > 0) await tx.ports.remove(gns, outdated);
  if (newPortContracts.length > 0) await tx.ports.fix(gns, newPortContracts);
  if (vanished.length > 0) await tx.vips.release(gns, vanished);
  const released = new Set(snapshot.rows.vips.filter((vip) => vip.releasedAt !== undefined).map(({ host }) => host));
  const back = hostsIn(put.map(({ name }) => name)).filter((host) => released.has(host));
  if (back.length > 0) await tx.vips.reclaim(gns, back);
  return { vanished, back };
}

/** Publishes the compiled policy; one that could not be compiled leaves the revision in force, with the reasons. */
async function writePolicy(
  tx: MutationTx,
  { snapshot, policy }: Draft,
  head: HeadRecord,
): Promise<{ root: string; revision: number } | undefined> {
  const inForce = head.policyRoot === undefined ? undefined : { root: head.policyRoot, revision: head.policyRevision };
  const root = policy?.tree?.root ?? inForce?.root;
  if (policy === undefined || root === undefined) return inForce;
  if (policy.tree !== undefined) await tx.objects.put(objectsOf(policy.previous, policy.tree));
  const { compilerVersion, issues } = policy;
  const result = await tx.heads.publishPolicy({
    gns: snapshot.key.gns,
    root,
    compilerVersion,
    specVersion: snapshot.specVersion,
    issues,
  });
  if (result.outcome === 'stale') throw new SupersededError('a newer generation is compiled already');
  return { root, revision: result.revision };
}

/** Rows that others remember moved, so the head has to move with them. */
function movesRows({ transitions, outcome }: CatalogDraft): boolean {
  return (
    transitions.length + outcome.newVips.length + outcome.newPortContracts.length + outcome.refixedHosts.length > 0
  );
}

async function writeCatalog(
  tx: MutationTx,
  draft: Draft,
  context: { head: HeadRecord; signer: Signer },
): Promise<number> {
  const { snapshot, catalog, previousCatalog } = draft;
  const { head, signer } = context;
  const { key, epoch, inventoryVersion } = snapshot;
  const { issues } = catalog.outcome;
  const { root } = catalog.tree;
  if (head.catalogRoot === root && head.catalogEpoch === epoch) {
    if (movesRows(catalog) || !isDeepStrictEqual(head.catalogIssues, issues))
      await tx.heads.confirmCatalog(key.gns, inventoryVersion, issues);
    return head.catalogSeq;
  }
  await tx.objects.put(objectsOf(previousCatalog, catalog.tree));
  const signed = signCatalog(signer, key, { epoch, seq: head.catalogSeq + 1, root });
  const result = await tx.heads.publishCatalog({
    gns: key.gns,
    expectedSeq: head.catalogSeq,
    inventoryVersion,
    issues,
    ...signed,
  });
  if (result.outcome === 'conflict') throw new SupersededError('the catalog moved meanwhile');
  return signed.next.seq;
}

/** Clusters that hold a member in any state after the publication. */
function ownersAfter({ snapshot, catalog }: Draft): Set<string> {
  const counts = new Map<string, number>();
  const count = (cluster: string, by: number): unknown => counts.set(cluster, (counts.get(cluster) ?? 0) + by);
  for (const { cluster } of snapshot.rows.members) count(cluster, 1);
  for (const { cluster, from, to } of catalog.transitions) {
    if (from === undefined) count(cluster, 1);
    else if (to === 'gone') count(cluster, -1);
  }
  return new Set([...counts].filter(([, members]) => members > 0).map(([cluster]) => cluster));
}

const CLAIMED: ReadonlySet<string | undefined> = new Set<IssueCode>(['ISM0114', 'ISM0261', 'ISM0262']);

/** Services that leave may be claimed by others that were refused: they look again. */
async function wakeClaimants(tx: MutationTx, draft: Draft, isHoldMoved: boolean): Promise<void> {
  const { snapshot, catalog } = draft;
  const isLeft = catalog.transitions.some(({ to }) => to === 'gone' || to === 'draining');
  if (!isLeft && !isHoldMoved) return;
  for (const head of await tx.heads.list()) {
    const isRefused = head.catalogIssues.some((item) => CLAIMED.has((item as Partial<Issue>).code));
    if (head.gns !== snapshot.key.gns && isRefused) await tx.outbox.add({ topic: 'gns.catalog', subject: head.gns });
  }
}

/** What a compile adds of its own: its key, and how long owners are waited for (0: not at all). */
export interface Centre {
  signer: Signer;
  ownerWaitMs: number;
}

/** What becomes of a policy that differs from the one in force; one that is the same goes on where it is. */
function changeOf({ policy, catalog }: Draft, head: HeadRecord, { ownerWaitMs }: Centre): Change {
  const isNew = policy?.tree !== undefined && head.policyRoot !== undefined && policy.tree.root !== head.policyRoot;
  const policies = isNew && policy.tree !== undefined ? { before: policy.previous, after: policy.tree } : undefined;
  return { head, policies, catalog: catalog.tree, ownerWaitMs };
}

/**
 * Writes a draft in one transaction: objects, members, addresses, contracts, revision, catalog and pointers, or nothing at all.
 * Throws `SupersededError` if what the draft was made from has moved.
 */
export async function publish(tx: MutationTx, draft: Draft, centre: Centre): Promise<Published> {
  const { snapshot, catalog } = draft;
  const { signer } = centre;
  const head = await tx.heads.lock(snapshot.key.gns);
  if (head.version !== (snapshot.head?.version ?? 0))
    throw new SupersededError('the global namespace was compiled meanwhile');
  await writeMembers(tx, draft);
  const hosts = await writeHosts(tx, draft);
  const catalogSeq = await writeCatalog(tx, draft, { head, signer });
  const policy = await writePolicy(tx, draft, head);
  const stepOf = await takeStep(tx, snapshot, changeOf(draft, head, centre));
  const moves = targetMoves(snapshot, { policy, catalogSeq, owners: ownersAfter(draft), stepOf }, signer);
  const { conflicts } = await tx.targets.move(moves);
  if (conflicts.length > 0) throw new SupersededError(`${conflicts.length} targets moved meanwhile`);
  await writeRemovals(tx, draft);
  await wakeClaimants(tx, draft, await writeHold(tx, draft));
  const after = await tx.heads.get(snapshot.key.gns);
  return {
    settled: after && rowsAfter(snapshot.rows, catalog, { ...hosts, gns: snapshot.key.gns, head: after }),
    catalogMoved: catalogSeq !== head.catalogSeq,
    targetsMoved: moves.length,
    transitions: catalog.transitions.length,
  };
}

/** Forgets a deleted global namespace once no cluster holds it any more; its addresses rest before they are given out again. */
export async function forgetIfLeft(tx: MutationTx, { key, rows }: Snapshot): Promise<boolean> {
  const [members, targets] = [await tx.members.list(key.gns), await tx.targets.ofGns(key.gns)];
  if (members.length > 0 || targets.some(({ state, ref }) => state !== 'CLOSED' || ref.root !== EMPTY_ROOT))
    return false;
  await tx.vips.release(
    key.gns,
    rows.vips.map(({ host }) => host),
  );
  await tx.ports.remove(
    key.gns,
    rows.ports.map(({ host }) => host),
  );
  await forgetRemovals(tx, key.gns);
  await tx.heads.remove(key.gns);
  return true;
}
