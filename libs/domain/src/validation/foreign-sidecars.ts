import { concerns } from '../compile/policies/targets.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import type { EgressPolicy } from '../resources/types.js';
import { ofKind, refOf, type GnsReach, type World, type WorldCheck } from './world.js';

/** A namespace of a cluster with members, and the names of what users wrote there. */
interface Claimed {
  cluster: string;
  namespace: string;
  sidecars: string[];
}

/** Sidecars of users that are for a whole namespace, in namespaces with members. */
function claimedNamespaces({ inventories }: World, { members }: GnsReach): Claimed[] {
  const places = new Map(members.map(({ cluster, namespace }) => [`${cluster}/${namespace}`, { cluster, namespace }]));
  return [...places.values()].flatMap(({ cluster, namespace }) => {
    const config = inventories.get(cluster)?.namespaces.find(({ name }) => name === namespace)?.meshConfig;
    const whole = (config?.objects ?? []).filter(({ kind, selector }) => kind === 'Sidecar' && selector === undefined);
    return whole.length === 0 ? [] : [{ cluster, namespace, sidecars: whole.map(({ name }) => name).sort() }];
  });
}

function told(policy: EgressPolicy, { cluster, namespace, sidecars }: Claimed): Issue {
  const message = `Sidecar ${sidecars.join(', ')} is for all of namespace ${namespace} in ${cluster}, as that of the policy will be`;
  return issue('ISM0924', { path: 'spec.targets', message, resource: refOf(policy), cluster });
}

/** Istio takes one Sidecar without selector in a namespace: beside a user's own, what an egress policy comes to is undefined. */
export const checkForeignSidecars: WorldCheck = (world) => {
  const policies = ofKind(world.resources, 'EgressPolicy');
  if (policies.length === 0) return [];
  return world.reaches.flatMap((reach) => {
    const here = policies.filter((policy) => concerns(policy, reach.gns));
    if (here.length === 0) return [];
    const claimed = claimedNamespaces(world, reach);
    return here.flatMap((policy) => claimed.map((one) => told(policy, one)));
  });
};
