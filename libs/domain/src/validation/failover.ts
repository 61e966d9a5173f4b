import { placeOf, reaches } from '../compile/policies/targets.js';
import { hostName } from '../intent/host-name.js';
import { formatPath, type PathStep } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { didYouMean } from '../resources/text/did-you-mean.js';
import type { FailoverPolicy, GlobalNamespace } from '../resources/types.js';
import { ofKind, refOf, scopedName, type GnsReach, type WorldCheck } from './world.js';

/** A name at its place in a policy. */
type Named = readonly [name: string, steps: readonly PathStep[]];

/** Failover policies name clusters and regions that exist. */
export const checkFailoverNames: WorldCheck = (world) => {
  const clusters = [...world.clusters.keys()].sort();
  const regions = [...new Set([...world.clusters.values()].map(({ spec }) => spec.locality?.split('/')[0] ?? ''))];
  return ofKind(world.resources, 'FailoverPolicy').flatMap((policy) => [
    ...unknown(policy, { code: 'ISM0874', text: 'there is no cluster', names: clusterNames(policy), known: clusters }),
    ...unknown(policy, {
      code: 'ISM0875',
      text: 'no cluster is in region',
      names: regionNames(policy),
      known: regions.filter(Boolean).sort(),
    }),
  ]);
};

function clusterNames({ spec: { failover, cordon } }: FailoverPolicy): Named[] {
  const tiers = (failover?.tiers ?? []).flatMap(({ clusters = [] }, tier) =>
    clusters.map((name, index): Named => [name, ['spec', 'failover', 'tiers', tier, 'clusters', index]]),
  );
  const weights = (failover?.clusterWeights ?? []).map(({ cluster }, index): Named => [
    cluster,
    ['spec', 'failover', 'clusterWeights', index, 'cluster'],
  ]);
  const cordoned = (cordon?.clusters ?? []).map((name, index): Named => [name, ['spec', 'cordon', 'clusters', index]]);
  return [...tiers, ...weights, ...cordoned];
}

function regionNames({ spec: { failover } }: FailoverPolicy): Named[] {
  return (failover?.tiers ?? []).flatMap(({ regions = [] }, tier) =>
    regions.map((name, index): Named => [name, ['spec', 'failover', 'tiers', tier, 'regions', index]]),
  );
}

function unknown(
  policy: FailoverPolicy,
  {
    code,
    text,
    names,
    known,
  }: { code: 'ISM0874' | 'ISM0875'; text: string; names: readonly Named[]; known: readonly string[] },
): Issue[] {
  const set = new Set(known);
  return names
    .filter(([name]) => !set.has(name))
    .map(([name, steps]) => {
      const hint = didYouMean(name, known);
      return issue(code, {
        path: formatPath(steps),
        message: `${text} ${name}`,
        resource: refOf(policy),
        ...(hint && { hint }),
      });
    });
}

/** Weights that leave out a cluster that serves: it gets nothing, ever. */
export const checkWeights: WorldCheck = (world) =>
  ofKind(world.resources, 'FailoverPolicy').flatMap((policy) => {
    const weights = policy.spec.failover?.clusterWeights;
    if (weights === undefined) return [];
    const weighted = new Set(weights.map(({ cluster }) => cluster));
    return world.reaches.flatMap(({ gns, members }) => {
      const concerned = hostsOf(policy, gns);
      const owners = [...clustersByHost({ gns, members })].filter(([host]) => concerned(host));
      const forgotten = new Set(owners.flatMap(([, clusters]) => [...clusters]));
      for (const cluster of weighted) forgotten.delete(cluster);
      if (forgotten.size === 0) return [];
      const message = `${[...forgotten].sort().join(', ')} serves ${scopedName(gns)} and has no weight`;
      const path = formatPath(['spec', 'failover', 'clusterWeights']);
      return [issue('ISM0878', { path, message, resource: refOf(policy) })];
    });
  });

/** Cordons that together cover every cluster that serves a host. */
export const checkCordons: WorldCheck = (world) => {
  const policies = ofKind(world.resources, 'FailoverPolicy').filter(({ spec }) => spec.cordon !== undefined);
  return policies.length === 0 ? [] : world.reaches.flatMap((reach) => coveredHosts(policies, reach));
};

function coveredHosts(policies: readonly FailoverPolicy[], { gns, members }: Served): Issue[] {
  const concerned = policies.map((policy) => ({ policy, has: hostsOf(policy, gns) }));
  const covered = new Map<FailoverPolicy, string[]>();
  for (const [host, clusters] of clustersByHost({ gns, members })) {
    const here = concerned.filter(({ has }) => has(host)).map(({ policy }) => policy);
    const cordoned = new Set(here.flatMap(({ spec }) => spec.cordon?.clusters ?? []));
    if (![...clusters].every((cluster) => cordoned.has(cluster))) continue;
    for (const policy of here) covered.set(policy, [...(covered.get(policy) ?? []), host]);
  }
  return [...covered].map(([policy, hosts]) => {
    const more = hosts.length > 3 ? ` and ${hosts.length - 3} more` : '';
    const message = `every cluster that serves ${hosts.slice(0, 3).join(', ')}${more} is cordoned`;
    return issue('ISM0876', { path: formatPath(['spec', 'cordon', 'clusters']), message, resource: refOf(policy) });
  });
}

type Served = Pick<GnsReach, 'gns' | 'members'>;

/** Which hosts of the global namespace the policy targets; service groups are not looked into. */
function hostsOf(policy: FailoverPolicy, gns: GlobalNamespace): (host: string) => boolean {
  const targets = policy.spec.targets.filter(
    (target) => target.serviceGroup === undefined && reaches(policy, target, gns),
  );
  const places = new Set(targets.map((target) => placeOf(gns, target)));
  return (host) => places.has('gns') || places.has(`host/${host}`);
}

/** The known clusters that serve each host. */
function clustersByHost({ gns, members }: Served): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { cluster, service, namespace } of members) {
    const host = hostName(gns.spec, { name: service.name, namespace });
    found.set(host, (found.get(host) ?? new Set()).add(cluster));
  }
  return found;
}
