import { Inject, Injectable } from '@nestjs/common';
import type { AppliedRecord, Store, TargetRecord } from '@isthmus/store';
import { authorize, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import { createLoaders, type Loaders } from '../../graphql/loaders.js';
import { seenOf, sees } from '../../graphql/sight.js';
import type { TargetModel } from './target-model.js';

/** Targets joined with what agents said of them. */
@Injectable()
export class TargetsService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  /** As they are now, whatever the operation has read before: for subscriptions, whose operation lives long. */
  fresh(viewer: Viewer, gns: string): Promise<TargetModel[]> {
    return this.ofGns(viewer, gns, createLoaders(this.store, viewer));
  }

  async ofCluster(viewer: Viewer, cluster: string, loaders: Loaders): Promise<TargetModel[]> {
    authorize(viewer, 'resources.read');
    if (!(await sees(viewer, { kind: 'Cluster', uid: cluster }, loaders))) return [];
    const [records, applied] = await Promise.all([
      loaders.targetsOfCluster.load(cluster),
      loaders.appliedOfCluster.load(cluster),
    ]);
    const seen = await seenOf(viewer, records, { kind: 'GlobalNamespace', uidOf: ({ gns }) => gns, loaders });
    return this.join(seen, applied, loaders);
  }

  async ofGns(viewer: Viewer, gns: string, loaders: Loaders): Promise<TargetModel[]> {
    authorize(viewer, 'resources.read');
    if (!(await sees(viewer, { kind: 'GlobalNamespace', uid: gns }, loaders))) return [];
    const [records, applied] = await Promise.all([loaders.targetsOfGns.load(gns), loaders.appliedOfGns.load(gns)]);
    return this.join(records, applied, loaders);
  }

  private async join(records: TargetRecord[], applied: AppliedRecord[], loaders: Loaders): Promise<TargetModel[]> {
    const byKey = new Map(applied.map((one) => [`${one.cluster}/${one.gns}/${one.line}`, one]));
    const models = records.map(async (record): Promise<TargetModel | undefined> => {
      const key = `${record.cluster}/${record.gns}`;
      const [head, session, isGone] = await Promise.all([
        loaders.head.load(record.gns),
        loaders.session.load(record.cluster),
        hasLeftForGood(record, loaders),
      ]);
      if (isGone) return undefined;
      const [policy, catalog] = [byKey.get(`${key}/policy`), byKey.get(`${key}/catalog`)];
      return { typename: 'Target', record, head, policy, catalog, session };
    });
    return (await Promise.all(models)).filter((model) => model !== undefined);
  }
}

/** True of a cluster that has left, removed everything and is deleted: its row keeps the place on the line, and tells nobody anything. */
async function hasLeftForGood({ state, cluster }: TargetRecord, loaders: Loaders): Promise<boolean> {
  return state === 'CLOSED' && (await loaders.nameOf(cluster)) === undefined;
}
