import { formatPath } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { isPublic, overlaps } from '../resources/text/networks.js';
import type { Cluster, GlobalNamespace } from '../resources/types.js';
import { DEFAULT_VIP_CIDR } from '../vips/allocate.js';
import { refOf, type WorldCheck } from './world.js';

const FIELDS = ['podCIDRs', 'serviceCIDRs'] as const;

/** VIPs that somebody on the internet may have. */
export const checkPublicVips: WorldCheck = ({ reaches }) =>
  reaches.flatMap(({ gns }) => {
    const { vipCIDR } = gns.spec;
    if (vipCIDR === undefined || !isPublic(vipCIDR)) return [];
    const message = `VIP range ${vipCIDR} is publicly routable`;
    const hint = `leave the field out, which means ${DEFAULT_VIP_CIDR}`;
    return [issue('ISM0133', { path: 'spec.vipCIDR', message, hint, resource: refOf(gns) })];
  });

/** VIPs must be free in every cluster that resolves them. */
export const checkNetworks: WorldCheck = ({ reaches }) =>
  reaches.flatMap(({ gns, consumerClusters }) => consumerClusters.flatMap((cluster) => vipOverlaps(gns, cluster)));

function vipOverlaps(gns: GlobalNamespace, cluster: Cluster): Issue[] {
  const range = gns.spec.vipCIDR ?? DEFAULT_VIP_CIDR;
  return FIELDS.flatMap((field) =>
    (cluster.spec[field] ?? []).flatMap((cidr, index) => {
      if (!overlaps(range, cidr)) return [];
      const place = formatPath(['spec', field, index]);
      const message = `VIP range ${range} overlaps ${cidr} of cluster ${cluster.metadata.name} (${place})`;
      return [
        issue('ISM0116', { path: 'spec.vipCIDR', message, resource: refOf(gns), cluster: cluster.metadata.name }),
      ];
    }),
  );
}

/** Where the networks of a cluster are unknown, the check above says nothing: that is told once for each cluster. */
export const checkUnknownNetworks: WorldCheck = ({ reaches }) => {
  const clusters = new Set(reaches.flatMap(({ consumerClusters }) => consumerClusters));
  return [...clusters].flatMap((cluster) => {
    const unknown = FIELDS.filter((field) => (cluster.spec[field] ?? []).length === 0);
    if (unknown.length === 0) return [];
    const { name } = cluster.metadata;
    const message = `${unknown.join(' and ')} of cluster ${name} ${unknown.length === 1 ? 'is' : 'are'} unknown, so VIPs may clash there`;
    return [issue('ISM0117', { path: formatPath(['spec', unknown[0] ?? '']), message, resource: refOf(cluster) })];
  });
};
