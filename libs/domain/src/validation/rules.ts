import { formatPath } from '../issues/field-path.js';
import { issue } from '../issues/make-issue.js';
import { clustersOfGroup } from '../membership/clusters.js';
import { selectsAny } from '../membership/members.js';
import { ofKind, refOf, type WorldCheck } from './world.js';

/** A member rule that selects no service of the known inventory is most often a typing error. Silent while nothing is known. */
export const checkRules: WorldCheck = ({ reaches, inventories, groups }) => {
  if (inventories.size === 0) return [];
  return reaches.flatMap(({ gns, views }) =>
    gns.spec.members.flatMap((rule, index) => {
      if (selectsAny(rule, views, groups)) return [];
      const message = `the rule selects no service of the known clusters`;
      return [issue('ISM0125', { path: formatPath(['spec', 'members', index]), message, resource: refOf(gns) })];
    }),
  );
};

/** A group without clusters makes rules that name it select nothing. */
export const checkGroups: WorldCheck = ({ resources, clusters }) =>
  ofKind(resources, 'ClusterGroup').flatMap((group) => {
    if (clusters.size === 0 || clustersOfGroup(group, [...clusters.values()]).length > 0) return [];
    const message = `no registered cluster belongs to the group ${group.metadata.name}`;
    return [issue('ISM0132', { path: 'spec.clusters', message, resource: refOf(group) })];
  });
