import { Inject, Injectable } from '@nestjs/common';
import { issue } from '@isthmus/domain';
import type { HoldRecord, ResourceRecord, Store, TenantTx } from '@isthmus/store';
import { placesOf } from '../../auth/places.js';
import { auditOf, authorize, forbidden, mayRead, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import type { Loaders } from '../../graphql/loaders.js';
import { seesAll } from '../../graphql/sight.js';
import { failure, type MutationFailure } from '../results/failure.js';

export interface HoldModel extends HoldRecord {
  typename: 'Hold';
}

const modelOf = (record: HoldRecord): HoldModel => ({ typename: 'Hold', ...record });

/** Deletions that a breaker holds until a person decides. */
@Injectable()
export class HoldsService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async get(viewer: Viewer, id: string): Promise<HoldModel | undefined> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, async (tx) => {
      const record = await tx.holds.get(id);
      return record !== undefined && isSeen(viewer, await subjectsOf(tx, record)) ? modelOf(record) : undefined;
    });
  }

  async list(viewer: Viewer, filter: { cluster?: string; gns?: string }, loaders: Loaders): Promise<HoldModel[]> {
    const { org } = authorize(viewer, 'resources.read');
    const all = await this.store.reads(org).holds.list(filter);
    return (await this.seen(viewer, all, loaders)).map(modelOf);
  }

  /** Those that are about a cluster or a global namespace that the viewer may read. */
  async seen(viewer: Viewer, holds: readonly HoldRecord[], loaders: Loaders): Promise<HoldRecord[]> {
    if (seesAll(viewer, 'Cluster') && seesAll(viewer, 'GlobalNamespace')) return [...holds];
    const readable = await Promise.all(holds.map((hold) => readableSubjects(hold, loaders)));
    return holds.filter((_, index) => (readable[index] ?? []).length > 0);
  }

  /** True if the viewer may approve it, where its cluster or its global namespace is. */
  async mayApprove(viewer: Viewer, hold: HoldRecord, loaders: Loaders): Promise<boolean> {
    if (viewer.rights.everywhere('holds.approve')) return true;
    return approves(viewer, await readableSubjects(hold, loaders));
  }

  /** Approves the very set that was shown; if it grew meanwhile, nothing is approved. Doing it twice changes nothing. */
  async approve(
    viewer: Viewer,
    { id, setHash }: { id: string; setHash: string },
  ): Promise<HoldModel | MutationFailure> {
    const { org, actor } = authorize(viewer, 'holds.approve');
    return this.store.mutate(org, auditOf(viewer, 'approvePrune'), async (tx) => {
      const absent = () =>
        failure('NOT_FOUND', 'There are no such held deletions; they may have been made or withdrawn');
      const hold = await tx.holds.get(id);
      if (hold === undefined) return absent();
      const subjects = await subjectsOf(tx, hold);
      if (!isSeen(viewer, subjects)) return absent();
      if (!approves(viewer, subjects)) throw forbidden('holds.approve', subjects.flatMap(placesOf)[0]);
      const result = await tx.holds.approve(id, setHash, actor);
      if (result.outcome === 'absent') return absent();
      if (result.outcome === 'changed') {
        const message = `The held deletions are others now (${result.record.count}): ${result.record.setHash}`;
        return failure('CONFLICT', message, { issues: [issue('ISM0507', { path: 'heldSetHash', message })] });
      }
      const { record } = result;
      if (result.outcome === 'already') return modelOf(record);
      await tx.record({
        kind: 'Hold',
        id,
        after: { cluster: record.cluster, gns: record.gns, setHash, count: record.count, items: record.items },
      });
      return modelOf(record);
    });
  }
}

const uidsOf = ({ cluster, gns }: HoldRecord): string[] => [cluster, gns].filter((uid) => uid !== '');

/** The cluster and the global namespace that it is about, as far as they are still there. */
async function subjectsOf(tx: Pick<TenantTx, 'resources'>, hold: HoldRecord): Promise<ResourceRecord[]> {
  return tx.resources.byUids(uidsOf(hold));
}

async function readableSubjects(hold: HoldRecord, loaders: Loaders): Promise<ResourceRecord[]> {
  const found = await Promise.all(uidsOf(hold).map((uid) => loaders.resource.load(uid)));
  return found.filter((record) => record !== undefined);
}

/** Of what is gone only those know who may read everything. */
function isSeen(viewer: Viewer, subjects: readonly ResourceRecord[]): boolean {
  if (seesAll(viewer, 'Cluster') && seesAll(viewer, 'GlobalNamespace')) return true;
  return subjects.some((record) => mayRead(viewer, record));
}

function approves({ rights }: Viewer, subjects: readonly ResourceRecord[]): boolean {
  return (
    rights.everywhere('holds.approve') || subjects.some((record) => rights.may('holds.approve', ...placesOf(record)))
  );
}
