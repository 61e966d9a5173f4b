import { DEFAULT_PROJECT, isPolicyKind } from '@isthmus/domain';
import type { OutboxRecord, OutboxTopic, ResourceRecord, TenantTx } from '@isthmus/store';

/** Topics that say what happened; each is expanded into work on global namespaces, or into none. */
export const SOURCE_TOPICS = [
  'resource.changed',
  'inventory.changed',
  'applied.changed',
  'members.due',
  'hold.approved',
] as const satisfies readonly OutboxTopic[];

/** Topics that are work on one global namespace. */
export const WORK_TOPICS = ['gns.compile', 'gns.catalog'] as const satisfies readonly OutboxTopic[];

/** True if rows of this topic are expanded; work itself is enqueued by whoever adds it. */
export function isSource(topic: string): boolean {
  return SOURCE_TOPICS.some((source) => source === topic);
}

/** Work on one global namespace. `steady`: it may wait for its turn, since changes of this kind come in bursts. */
export interface Work {
  topic: (typeof WORK_TOPICS)[number];
  gns: string;
  steady: boolean;
}

async function namespacesOf(tx: TenantTx, isConcerned: (record: ResourceRecord) => boolean): Promise<Work[]> {
  const records = (await tx.resources.all(['GlobalNamespace'])).filter(isConcerned);
  return records.map(({ uid }) => ({ topic: 'gns.compile', gns: uid, steady: false }));
}

/** A policy of the project default may have had the whole organization as its scope, also before the change. */
function afterPolicy(tx: TenantTx, own: string): Promise<Work[]> {
  return namespacesOf(tx, ({ project }) => own === DEFAULT_PROJECT || project === own);
}

/** Policies name global namespaces of their project; clusters and groups may concern every one. */
function afterResource(tx: TenantTx, { subject, ids }: OutboxRecord): Promise<Work[]> {
  switch (ids['kind']) {
    case 'GlobalNamespace':
      return Promise.resolve([{ topic: 'gns.compile', gns: subject, steady: false }]);
    case 'Cluster':
    case 'ClusterGroup':
      return namespacesOf(tx, () => true);
    default:
      return isPolicyKind(ids['kind'] ?? '') ? afterPolicy(tx, ids['project'] ?? '') : Promise.resolve([]);
  }
}

async function heldBy(tx: TenantTx, cluster: string): Promise<string[]> {
  const targets = await tx.targets.ofCluster(cluster);
  return targets.map(({ gns }) => gns);
}

/**
 * A compile that is under way may have read the inventory before it moved, and its pointers may not be written yet: so those
 * are asked first. Whoever has finished in between has its pointers.
 */
async function afterInventory(tx: TenantTx, cluster: string): Promise<Work[]> {
  const underWay = await tx.outbox.open('gns.compile');
  const concerned = new Set([...underWay, ...(await heldBy(tx, cluster))]);
  return [...concerned].map((gns) => ({ topic: 'gns.catalog', gns, steady: true }));
}

/** An acknowledgement moves something only if a member or a change of policy waits for one, or the global namespace is being left. */
async function afterAcknowledgement(tx: TenantTx, cluster: string): Promise<Work[]> {
  const held = await heldBy(tx, cluster);
  const unsettled = new Set(await tx.members.unsettledGns(held));
  const known = new Set((await tx.resources.byUids(held)).map(({ uid }) => uid));
  const rolling = new Set(await tx.heads.rolling(held));
  const waiting = held.filter((gns) => unsettled.has(gns) || rolling.has(gns) || !known.has(gns));
  return waiting.map((gns) => ({ topic: 'gns.catalog', gns, steady: false }));
}

/** Members may leave now; deletions in a cluster are let go by its gateway and its agent. */
function afterApproval({ ids }: OutboxRecord): Work[] {
  const { kind, gns } = ids;
  return kind === 'DRAIN' && gns !== undefined ? [{ topic: 'gns.catalog', gns, steady: false }] : [];
}

/** The work that follows from one row. */
export function expand(tx: TenantTx, row: OutboxRecord): Promise<Work[]> {
  switch (row.topic) {
    case 'resource.changed':
      return afterResource(tx, row);
    case 'inventory.changed':
      return afterInventory(tx, row.subject);
    case 'applied.changed':
      return afterAcknowledgement(tx, row.subject);
    case 'members.due':
      return Promise.resolve([{ topic: 'gns.catalog', gns: row.subject, steady: false }]);
    case 'hold.approved':
      return Promise.resolve(afterApproval(row));
    case 'gns.compile':
    case 'gns.catalog':
      return Promise.resolve([]);
  }
}
