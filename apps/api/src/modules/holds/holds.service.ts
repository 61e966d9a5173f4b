import { Inject, Injectable } from '@nestjs/common';
import { issue } from '@isthmus/domain';
import type { HoldRecord, Store } from '@isthmus/store';
import { auditOf, authorize, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import type { Loaders } from '../../graphql/loaders.js';
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
    const record = await this.store.withTenant(org, (tx) => tx.holds.get(id));
    return record && modelOf(record);
  }

  async list(viewer: Viewer, filter: { cluster?: string; gns?: string }, loaders: Loaders): Promise<HoldModel[]> {
    authorize(viewer, 'resources.read');
    return (await loaders.read((tx) => tx.holds.list(filter))).map(modelOf);
  }

  /** Approves the very set that was shown; if it grew meanwhile, nothing is approved. Doing it twice changes nothing. */
  async approve(
    viewer: Viewer,
    { id, setHash }: { id: string; setHash: string },
  ): Promise<HoldModel | MutationFailure> {
    const { org, actor } = authorize(viewer, 'holds.approve');
    return this.store.mutate(org, auditOf(viewer, 'approvePrune'), async (tx) => {
      const result = await tx.holds.approve(id, setHash, actor);
      if (result.outcome === 'absent')
        return failure('NOT_FOUND', 'There are no such held deletions; they may have been made or withdrawn');
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
