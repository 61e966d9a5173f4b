import type { UserGroupEntry } from '../../intent/entries.js';
import { canonicalSet } from '../../intent/selector.js';
import { DEFAULT_PROJECT, type GlobalNamespace, type Policy, type UserGroup } from '../../resources/types.js';
import { byCodeUnit } from '../../tree/canonical.js';
import { entry } from '../../tree/entry.js';
import type { TreeEntry } from '../../tree/types.js';
import { canonicalBody } from '../canonical-body.js';
import { claimsOf } from './authentication.js';
import { projectOf } from './targets.js';

/** Those of its project, and of the project default, whose policies may reach every global namespace. */
function userGroupsOf(policies: readonly Policy[], gns: GlobalNamespace): UserGroup[] {
  const near = new Set([projectOf(gns), DEFAULT_PROJECT]);
  return policies.filter((policy): policy is UserGroup => policy.kind === 'UserGroup' && near.has(projectOf(policy)));
}

/** Entries `gns/user-group/<project>/<name>`. */
export function userGroupEntries(policies: readonly Policy[], gns: GlobalNamespace): TreeEntry[] {
  return userGroupsOf(policies, gns).map((group) => {
    const { name } = group.metadata;
    const project = projectOf(group);
    const rules = group.spec.members.map(({ issuer, subjects, claims }) => ({
      issuer,
      ...(subjects && { subjects: [...new Set(subjects)].sort(byCodeUnit) }),
      ...(claims && { claims: claimsOf(claims) ?? [] }),
    }));
    const body: UserGroupEntry = {
      kind: 'userGroup',
      project,
      name,
      rules: canonicalSet(rules, (rule) => JSON.stringify(rule)),
    };
    return entry(`gns/user-group/${project}/${name}`, canonicalBody(body));
  });
}
