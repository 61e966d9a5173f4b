import { Injectable } from '@nestjs/common';
import {
  byCodeUnit,
  DEFAULT_PROJECT,
  hasErrors,
  hostName,
  memberClusterNames,
  parseResource,
  resolveMembers,
  GROUP_VERSION,
  type Cluster,
  type ClusterGroup,
  type GlobalNamespace,
  type Issue,
  type ResolvedMember,
} from '@isthmus/domain';
import type { ResourceRecord, TenantTx } from '@isthmus/store';
import { authorize, clusterPlace, mayChange, mayRead, type Viewer } from '../../auth/viewer.js';
import type { Loaders } from '../../graphql/loaders.js';
import { leavingNames, readDeparted, withoutGone } from '../../preview/departed.js';
import { readInventories } from '../apply/inventories.js';
import { resourceOf } from '../resources/resource-document.js';

/** A service that rules match. */
export interface MatchedServiceModel {
  /** Unique; lists are sorted by it. */
  key: string;
  host: string;
  member: ResolvedMember;
}

/** What rules of membership come to on the inventories known now. */
export interface MembershipPreviewModel {
  services: MatchedServiceModel[];
  /** Clusters that the rules reach, by name: those that reported, and those that never did. */
  clusters: string[];
  unknownClusters: string[];
  issues: Issue[];
}

type Matched = Omit<MembershipPreviewModel, 'issues'>;

const NOTHING: Matched = { services: [], clusters: [], unknownClusters: [] };

interface Previewed {
  spec: unknown;
  project: string;
}

/** Services that a global namespace would have, before there is one. */
@Injectable()
export class MembershipService {
  /**
   * `spec` is that of a global namespace. Only clusters whose inventory is the viewer's to read are looked at; all of them, if it may
   * write the global namespace in that project: what its rules bring in is shown to whoever may bring it in.
   */
  async preview(viewer: Viewer, { spec, project }: Previewed, loaders: Loaders): Promise<MembershipPreviewModel> {
    authorize(viewer, 'inventory.read');
    const metadata = { name: 'preview', project };
    const { resource, issues } = parseResource({ apiVersion: GROUP_VERSION, kind: 'GlobalNamespace', metadata, spec });
    if (resource?.kind !== 'GlobalNamespace' || hasErrors(issues)) return { ...NOTHING, issues };
    return { ...(await loaders.read((tx) => matchedIn(tx, viewer, resource))), issues };
  }
}

const placedOf = ({ metadata, spec }: GlobalNamespace) => ({
  kind: 'GlobalNamespace' as const,
  project: metadata.project ?? DEFAULT_PROJECT,
  name: metadata.name,
  labels: {},
  spec,
});

async function matchedIn(tx: TenantTx, viewer: Viewer, gns: GlobalNamespace): Promise<Matched> {
  const all = await tx.resources.all(['Cluster', 'ClusterGroup']);
  const departed = await readDeparted(tx);
  const leaving = leavingNames(all, departed);
  const isOwn = mayChange(viewer, placedOf(gns), 'write');
  const isSeen = (record: ResourceRecord): boolean =>
    isOwn || (mayRead(viewer, record) && viewer.rights.may('inventory.read', clusterPlace(record)));
  const seen = withoutGone(all, departed).filter(
    (record) => record.kind === 'Cluster' && !leaving.has(record.name) && isSeen(record),
  );
  const clusters = seen.map((record) => resourceOf(record) as Cluster);
  const clusterGroups = all
    .filter(({ kind }) => kind === 'ClusterGroup')
    .map((record) => resourceOf(record) as ClusterGroup);
  const inventories = await readInventories(tx, seen);
  const views = clusters.flatMap((cluster) => {
    const inventory = inventories.get(cluster.metadata.name);
    return inventory === undefined ? [] : [{ cluster, inventory }];
  });
  const services = resolveMembers(gns, views, clusterGroups).map((member): MatchedServiceModel => {
    const host = hostName(gns.spec, { name: member.service.name, namespace: member.namespace });
    return { key: [host, member.cluster, member.namespace, member.service.name].join(' '), host, member };
  });
  const reached = memberClusterNames(gns, { clusters, clusterGroups });
  return {
    services: services.sort((a, b) => byCodeUnit(a.key, b.key)),
    clusters: reached.filter((name) => inventories.has(name)),
    unknownClusters: reached.filter((name) => !inventories.has(name)),
  };
}
