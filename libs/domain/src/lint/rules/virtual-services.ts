import { formatPath } from '../../issues/field-path.js';
import type { Issue } from '../../issues/issue.js';
import { finding } from '../finding.js';
import { hostsUnder, isWildcard, named } from '../host-patterns.js';
import type { LintRule } from '../lint-rule.js';
import type { LintSite, PlacedObject } from '../lint-site.js';
import { seenBy } from '../visibility.js';

const MESH = 'mesh';

/** A host has one VirtualService of the mesh: of two the one that counts is not defined. */
export const lintVirtualServices: LintRule = (site) =>
  site.of('VirtualService').flatMap((placed) => {
    const { hosts = [], gateways = [MESH] } = placed.object;
    const viewers = gateways.includes(MESH) ? seenBy(site, placed) : [];
    if (viewers.length === 0) return [];
    return hosts.flatMap((pattern, index) => routed(site, placed, { pattern, index, viewers }));
  });

interface Routed {
  pattern: string;
  index: number;
  viewers: readonly string[];
}

function routed(site: LintSite, placed: PlacedObject, { pattern, index, viewers }: Routed): Issue[] {
  const hosts = hostsUnder(pattern, site.hosts);
  if (hosts.length === 0) return [];
  const path = formatPath(['spec', 'hosts', index]);
  if (!isWildcard(pattern)) {
    const message = `routes the global host ${pattern} for callers in ${named(viewers)}`;
    return [finding('ISM0803', { site, placed }, { path, message })];
  }
  const message = `covers ${named(hosts)} by ${pattern} for callers in ${named(viewers)}`;
  return [finding('ISM0804', { site, placed }, { path, message })];
}
