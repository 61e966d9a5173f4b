import { API_GROUP, type ClusterEntry, type FeatureOf } from '@isthmus/domain';
import { clusterShares } from './cluster-shares.js';
import type { HostScene } from './host-members.js';

type Failover = FeatureOf<'failover'>;
type Place = Pick<ClusterEntry, 'name' | 'locality'>;

/** Order or shares of the clusters of a host: what a destination rule says, and what marks the gateways of a cluster. */
export interface FailoverOrder {
  localityLbSetting: object;
  /** Labels of the gateway endpoints of another cluster. */
  labels: (cluster: Place) => Record<string, string>;
  /** Locality of the gateway endpoints of another cluster. */
  locality: (cluster: Place) => string | undefined;
}

/**
 * A line in the order: clusters behind it are used only if all before it fail. Lines are given from the last to the first,
 * because an endpoint's priority is decided by the first label of the list that does not match.
 */
interface Line {
  label: string;
  isBehind: (cluster: Place) => boolean;
}

const OTHER_REGION = `${API_GROUP}/other-region`;
const OTHER_CLUSTER = `${API_GROUP}/other-cluster`;
const CORDONED = `${API_GROUP}/cordoned`;
const AFTER_TIER = `${API_GROUP}/after-tier-`;

/** Value of a label that marks who stands before a line. */
const BEFORE = 'before';

const regionOf = ({ locality }: Place): string | undefined => locality?.split('/')[0];

/** An unknown region counts as another one. */
function isNear(self: Place, cluster: Place): boolean {
  const region = regionOf(self);
  return cluster.name === self.name || (region !== undefined && region === regionOf(cluster));
}

function localFirst(self: Place): Line[] {
  return [
    { label: OTHER_REGION, isBehind: (cluster) => !isNear(self, cluster) },
    { label: OTHER_CLUSTER, isBehind: ({ name }) => name !== self.name },
  ];
}

/** A cluster stands in the tier that names it, else in the first one that names its region, else after all. */
function tierOf(tiers: NonNullable<Failover['tiers']>, cluster: Place): number {
  const byName = tiers.findIndex(({ clusters = [] }) => clusters.includes(cluster.name));
  const region = regionOf(cluster);
  const byRegion = tiers.findIndex(({ regions = [] }) => region !== undefined && regions.includes(region));
  return [byName, byRegion].find((index) => index >= 0) ?? tiers.length;
}

function ordered(tiers: NonNullable<Failover['tiers']>): Line[] {
  return tiers
    .map((_, index) => ({
      label: `${AFTER_TIER}${index + 1}`,
      isBehind: (cluster: Place) => tierOf(tiers, cluster) > index,
    }))
    .reverse();
}

/**
 * Clients and local pods carry none of these labels, and a label that both lack matches. Where the own cluster stands behind
 * a line, the label is asked for with a value, which only gateways before the line carry.
 */
function byPriority(self: Place, lines: readonly Line[]): FailoverOrder {
  const isSelfBehind = new Map(lines.map((line) => [line, line.isBehind(self)]));
  return {
    localityLbSetting: {
      enabled: true,
      failoverPriority: lines.map((line) => (isSelfBehind.get(line) === true ? `${line.label}=${BEFORE}` : line.label)),
    },
    labels: (cluster) =>
      Object.fromEntries(
        lines.flatMap((line) => {
          if (isSelfBehind.get(line) === line.isBehind(cluster)) return [];
          return [[line.label, line.isBehind(cluster) ? 'true' : BEFORE]];
        }),
      ),
    locality: ({ locality }) => locality,
  };
}

/** Gateways of a cluster share a locality that no other cluster has, because shares are given to localities. */
const localityOfCluster = ({ name }: Place): string => `${name}.${API_GROUP}`;

/** Pods of the own cluster carry the localities of their nodes. */
const shareTarget = (self: Place, cluster: Place): string =>
  cluster.name === self.name ? `${regionOf(self) ?? ''}/*` : `${localityOfCluster(cluster)}/*`;

function byShares(self: Place, shares: ReadonlyMap<Place, number>): FailoverOrder {
  const to = Object.fromEntries([...shares].map(([cluster, percent]) => [shareTarget(self, cluster), percent]));
  return {
    localityLbSetting: { enabled: true, distribute: [{ from: '*', to }] },
    labels: () => ({}),
    locality: (cluster) => {
      const [region = 'unknown', zone = 'unknown'] = cluster.locality?.split('/') ?? [];
      return `${localityOfCluster(cluster)}/${region}/${zone}`;
    },
  };
}

/** Most localities that whole percents can be given to. */
const MOST_SHARES = 100;

/**
 * Shares need two clusters at least, else the others would stand by for nothing: shares know no failover to who has none.
 * They need to know where the own pods are, too. What cannot share stands in an order of two tiers.
 */
function activeActive(here: Here, clusterWeights: Failover['clusterWeights']): FailoverOrder {
  const { self, usable, cordonLines } = here;
  const weightOf = new Map((clusterWeights ?? []).map(({ cluster, share }) => [cluster, share]));
  const sharing = usable
    .map((cluster) => ({ cluster, weight: clusterWeights === undefined ? 1 : (weightOf.get(cluster.name) ?? 0) }))
    .filter(({ weight }) => weight > 0);
  const clusters = sharing.map(({ cluster }) => cluster.name);
  const isPlaced = regionOf(self) !== undefined || !clusters.includes(self.name);
  if (clusters.length >= 2 && clusters.length <= MOST_SHARES && isPlaced) return byShares(self, clusterShares(sharing));
  return byPriority(self, [...cordonLines, ...ordered([{ clusters }])]);
}

interface Here {
  self: Place;
  /** Clusters that clients here may call and that are not cordoned. */
  usable: readonly Place[];
  cordonLines: readonly Line[];
}

/** How clients here choose among the clusters of a host: exactly one of an order and shares. */
export function failoverOrder({ scene: { self }, callable, remotes, cordoned, policies }: HostScene): FailoverOrder {
  const feature: Partial<Failover> = policies.feature('failover') ?? {};
  const all = [...(callable === undefined ? [] : [self]), ...remotes.map(({ cluster }) => cluster)];
  const usable = all.filter(({ name }) => !cordoned.has(name));
  const cordonLines: Line[] =
    cordoned.size === 0 ? [] : [{ label: CORDONED, isBehind: ({ name }) => cordoned.has(name) }];
  switch (feature.mode) {
    case 'ACTIVE_ACTIVE':
      return activeActive({ self, usable, cordonLines }, feature.clusterWeights);
    case 'ORDERED':
      return byPriority(self, [...cordonLines, ...ordered(feature.tiers ?? [])]);
    case 'LOCAL_FIRST':
    case undefined:
      return byPriority(self, [...cordonLines, ...localFirst(self)]);
  }
}
