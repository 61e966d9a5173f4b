import { formatPath } from '../../issues/field-path.js';
import type { Issue } from '../../issues/issue.js';
import { overlaps } from '../../resources/text/networks.js';
import { DEFAULT_VIP_CIDR } from '../../vips/allocate.js';
import { finding } from '../finding.js';
import { named } from '../host-patterns.js';
import type { LintRule } from '../lint-rule.js';
import type { LintSite, PlacedObject } from '../lint-site.js';
import { seenBy } from '../visibility.js';

/** Of two entries of one host a namespace sees one; of two hosts with one address a caller reaches one. */
export const lintServiceEntries: LintRule = (site) =>
  site.of('ServiceEntry').flatMap((placed) => {
    const viewers = viewersOf(site, placed);
    if (viewers.length === 0) return [];
    const hosts = (placed.object.hosts ?? []).flatMap((host, index) => (site.hosts.has(host) ? [{ host, index }] : []));
    if (hosts.length === 0) return addressIssues(site, placed, viewers);
    return hosts.map(({ host, index }) => {
      const message = `declares the global host ${host}, which is seen in ${named(viewers)}`;
      return finding('ISM0806', { site, placed }, { path: formatPath(['spec', 'hosts', index]), message });
    });
  });

/** Consumers, and gateways of clusters that own members. */
function viewersOf(site: LintSite, placed: PlacedObject): string[] {
  const isBesideGateway = site.gateways.some(({ namespace }) => namespace === placed.namespace);
  return [...seenBy(site, placed), ...(isBesideGateway ? [placed.namespace] : [])];
}

function addressIssues(site: LintSite, placed: PlacedObject, viewers: readonly string[]): Issue[] {
  const range = site.gns.spec.vipCIDR ?? DEFAULT_VIP_CIDR;
  return (placed.object.addresses ?? []).flatMap((address, index) => {
    if (!overlaps(range, address.includes('/') ? address : `${address}/32`)) return [];
    const message = `takes ${address}, which lies in the VIP range ${range} of ${site.gns.metadata.name}, in ${named(viewers)}`;
    return [finding('ISM0807', { site, placed }, { path: formatPath(['spec', 'addresses', index]), message })];
  });
}
