import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import type { GlobalNamespace } from '../resources/types.js';
import { ofKind, refOf, scopedName, type WorldCheck } from './world.js';

/** Two global namespaces may not have the same domain, nor one under the other's; each is looked up by its own parents only. */
export const checkDomains: WorldCheck = ({ resources }) => {
  const all = ofKind(resources, 'GlobalNamespace');
  const first = new Map<string, GlobalNamespace>();
  const issues: Issue[] = [];
  for (const gns of all) {
    const holder = first.get(gns.spec.domain);
    if (holder === undefined) first.set(gns.spec.domain, gns);
    else issues.push(overlap(gns, holder));
  }
  for (const gns of all) {
    const parent = parentsOf(gns.spec.domain).find((domain) => first.has(domain));
    const holder = parent === undefined ? undefined : first.get(parent);
    if (holder !== undefined) issues.push(overlap(gns, holder));
  }
  return issues;
};

function parentsOf(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'));
}

function overlap(gns: GlobalNamespace, holder: GlobalNamespace): Issue {
  const other = `${holder.spec.domain} of GlobalNamespace ${scopedName(holder)}`;
  const relation = gns.spec.domain === holder.spec.domain ? 'is also the domain' : 'lies under the domain';
  const message = `domain ${gns.spec.domain} ${relation} ${other}`;
  return issue('ISM0110', { path: 'spec.domain', message, resource: refOf(gns) });
}
