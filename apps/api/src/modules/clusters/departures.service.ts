import { Inject, Injectable } from '@nestjs/common';
import type { ClusterLife, ResourceRecord, Store } from '@isthmus/store';
import { placeOfScope } from '../../auth/places.js';
import { authorizeAt, clusterPlace, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import type { Loaders } from '../../graphql/loaders.js';
import { seenOf } from '../../graphql/sight.js';
import type { DepartureModel, ProvenNamespace } from './departure.type.js';
import { departureOf, type DepartureNamespace } from './departures.js';

/** What clusters have to do with global namespaces, for leaving them. */
@Injectable()
export class DeparturesService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async of(viewer: Viewer, cluster: ResourceRecord, loaders: Loaders): Promise<DepartureModel> {
    authorizeAt(viewer, 'Cluster.read', clusterPlace(cluster));
    const [life, targets, applied, epoch, members] = await Promise.all([
      loaders.life.load(cluster.uid),
      loaders.targetsOfCluster.load(cluster.uid),
      loaders.appliedOfCluster.load(cluster.uid),
      this.store.system.epoch(),
      loaders.read((tx) => tx.members.ofCluster(cluster.name)),
    ]);
    const holding = applied.filter(({ line, objectCount }) => line === 'policy' && objectCount > 0);
    const all = [...new Set([...targets, ...members, ...holding].map(({ gns }) => gns))].sort();
    const gnsIds = await seenOf(viewer, all, { kind: 'GlobalNamespace', uidOf: (gns) => gns, loaders });
    const namespaces = await Promise.all(
      gnsIds.map(async (gns): Promise<DepartureNamespace> => {
        const [all, pointers, acknowledged] = await Promise.all([
          loaders.members.load(gns),
          loaders.targetsOfGns.load(gns),
          loaders.read((tx) => tx.targets.acknowledged(gns)),
        ]);
        const policy = applied.find((one) => one.gns === gns && one.line === 'policy');
        return departureOf({ cluster, gns, epoch, members: all, targets: pointers, acknowledged, applied: policy });
      }),
    );
    return { life, namespaces, proof: proofOf(life).filter(({ gns }) => isProofSeen(viewer, gns)) };
  }
}

interface Proof {
  namespaces?: ProvenNamespace[];
  leftBehind?: ProvenNamespace[];
}

function proofOf(life: ClusterLife | undefined): ProvenNamespace[] {
  const { namespaces = [], leftBehind = [] } = (life?.proof ?? {}) as Proof;
  return [...namespaces, ...leftBehind];
}

/** It is told by project/name, or the uid of one that was gone already. */
function isProofSeen({ rights }: Viewer, gns: string): boolean {
  return rights.may('GlobalNamespace.read', placeOfScope({ kind: 'GLOBAL_NAMESPACE', name: gns }));
}
