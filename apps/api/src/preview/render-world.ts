import {
  affectedClusters,
  assumeServed,
  compileCatalog,
  groupLabelKeys,
  sitesOf,
  compilePolicy,
  CURRENT_COMPILER,
  DEFAULT_PROJECT,
  isPolicy,
  joinView,
  memberClusterNames,
  type Cluster,
  type ClusterGroup,
  type ClusterInventory,
  type GlobalNamespace,
  type GnsView,
  type Issue,
  type Policy,
  type Resource,
} from '@isthmus/domain';
import { ObjectSources, rendererFor, type RenderedObject } from '@isthmus/meshes';
import { resourceOf } from '../modules/resources/resource-document.js';
import type { ResourceRecord } from '@isthmus/store';
import { encryptionSource } from './encryption-source.js';
import { localFacts } from './local-facts.js';
import type { Recorded } from './recorded.js';

/** Everything that rendering one state of an organization needs. */
export interface WorldState {
  resources: readonly ResourceRecord[];
  inventories: ReadonlyMap<string, ClusterInventory>;
  recorded: Recorded;
  /** Names of clusters that leave: they get nothing new, and own no new members. */
  leaving: ReadonlySet<string>;
}

/** A rendered object, and who tells where it comes from. */
export interface WorldObject {
  rendered: RenderedObject;
  sources: ObjectSources;
}

/** Rendered objects and issues by cluster name. */
export type RenderedWorld = Map<string, { objects: WorldObject[]; issues: Issue[] }>;

/** Renders the chosen global namespaces in every cluster that takes part; wanted members count as served. */
export function renderWorld(state: WorldState, isChosen: (gns: ResourceRecord) => boolean): RenderedWorld {
  const fleet = fleetOf(state.resources);
  const rendered: RenderedWorld = new Map();
  for (const record of state.resources) {
    if (record.kind !== 'GlobalNamespace' || !isChosen(record)) continue;
    const gns = resourceOf(record) as GlobalNamespace;
    const { view, issues } = viewOf(record, state, fleet);
    if (view === undefined) continue;
    const encryption = encryptionSource(fleet.policies, gns);
    for (const name of affectedClusters(gns, fleet).filter((one) => !state.leaving.has(one))) {
      const cluster = fleet.clusters.find(({ metadata }) => metadata.name === name);
      if (cluster === undefined) continue;
      const place = rendered.get(name) ?? { objects: [], issues: [] };
      const renderer = rendererFor(cluster.spec.mesh.kind);
      const local = localFacts(name, state.inventories.get(name), Date.now());
      const result = renderer.render(view, local);
      const sources = new ObjectSources({ renderer, view, local, encryption });
      place.objects.push(...result.objects.map((one) => ({ rendered: one, sources })));
      place.issues.push(...issues, ...result.issues);
      rendered.set(name, place);
    }
  }
  return rendered;
}

interface FleetOfState {
  clusters: Cluster[];
  clusterGroups: ClusterGroup[];
  policies: Policy[];
}

function fleetOf(resources: readonly ResourceRecord[]): FleetOfState {
  const documents: Resource[] = resources.map(resourceOf);
  return {
    clusters: documents.filter((document) => document.kind === 'Cluster'),
    clusterGroups: documents.filter((document) => document.kind === 'ClusterGroup'),
    policies: documents.filter(isPolicy),
  };
}

function viewOf(
  record: ResourceRecord,
  state: WorldState,
  fleet: FleetOfState,
): { view: GnsView | undefined; issues: Issue[] } {
  const gns = resourceOf(record) as GlobalNamespace;
  const policy = compilePolicy({ ...fleet, gns, compilerVersion: CURRENT_COMPILER });
  const { recorded, inventories } = state;
  const catalog = compileCatalog({
    ...fleet,
    gns,
    labelKeys: groupLabelKeys(fleet.policies, gns),
    sites: sitesOf(fleet.policies, gns),
    inventories,
    vips: recorded.vips.filter((vip) => vip.gns === record.uid),
    takenVips: new Set(recorded.vips.map(({ address }) => address)),
    portContracts: recorded.ports.get(record.uid) ?? [],
    memberStates: recorded.members.get(record.uid) ?? [],
    claims: claimsAgainst(record, state),
    memberClusters: memberClusterNames(gns, fleet).filter((name) => !state.leaving.has(name)),
  });
  if (policy.tree === undefined) return { view: undefined, issues: policy.issues };
  const joined = joinView(policy.tree, assumeServed(catalog.tree));
  return { view: joined.view, issues: [...policy.issues, ...catalog.issues, ...joined.issues] };
}

/** Services that another global namespace has claimed already: the first recorded claim keeps them. */
function claimsAgainst({ uid }: ResourceRecord, { resources, recorded }: WorldState): Map<string, string> {
  const others = resources.filter((other) => other.kind === 'GlobalNamespace' && other.uid !== uid);
  return new Map(
    others.flatMap((other) =>
      (recorded.members.get(other.uid) ?? []).map(
        ({ cluster, namespace, service }) =>
          [`${cluster}/${namespace}/${service}`, `${other.project || DEFAULT_PROJECT}/${other.name}`] as const,
      ),
    ),
  );
}
