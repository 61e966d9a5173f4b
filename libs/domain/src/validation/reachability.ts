import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import type { Cluster } from '../resources/types.js';
import { encryptionByGns } from './policies.js';
import { refOf, scopedName, type GnsReach, type World, type WorldCheck } from './world.js';

/** A cluster with members that other clusters call needs a gateway. */
export const checkGateways: WorldCheck = ({ reaches, clusters, inventories }) =>
  reaches.flatMap((reach) =>
    [...reach.owners].sort().flatMap((name) => {
      const cluster = clusters.get(name);
      const found = inventories.get(name)?.gateways ?? [];
      const declared = cluster?.spec.gateways ?? [];
      if (cluster === undefined || declared.length + found.length > 0 || remoteCallers(reach, name).length === 0)
        return [];
      return [missingGateway(reach, cluster)];
    }),
  );

function missingGateway(reach: GnsReach, cluster: Cluster): Issue {
  const { name } = cluster.metadata;
  const callers = remoteCallers(reach, name).join(', ');
  const message = `cluster ${name} owns services of ${scopedName(reach.gns)} that ${callers} may call, but has no gateway`;
  const hint = 'gateways: [{address: <address of the east-west gateway>, port: 15443}]';
  return issue('ISM0115', { path: 'spec.gateways', message, hint, resource: refOf(cluster), cluster: name });
}

const remoteCallers = ({ callers }: GnsReach, owner: string): string[] =>
  [...callers].filter((name) => name !== owner).sort();

/** Plaintext does not pass a gateway, so DISABLE holds inside of single clusters only. */
export const checkPlaintext: WorldCheck = (world) => {
  const policies = encryptionByGns(world);
  return world.reaches.flatMap((reach) => {
    const [policy] = policies.get(scopedName(reach.gns)) ?? [];
    const owner = [...reach.owners].sort().find((name) => remoteCallers(reach, name).length > 0);
    if (policy?.spec.mode !== 'DISABLE' || owner === undefined) return [];
    const callers = remoteCallers(reach, owner).join(', ');
    const message = `${callers} may call services of ${scopedName(reach.gns)} in ${owner}, which plaintext cannot reach`;
    return [issue('ISM0118', { path: 'spec.mode', message, hint: 'PERMISSIVE', resource: refOf(policy) })];
  });
};

/** Identities cross clusters only between equal trust domains, or where the mesh of the owner was told to accept the caller's. */
export const checkTrust: WorldCheck = (world) => {
  const seen = new Set<string>();
  return world.reaches.flatMap((reach) =>
    [...reach.owners].sort().flatMap((owner) =>
      remoteCallers(reach, owner).flatMap((caller) => {
        const key = `${owner}/${caller}`;
        if (seen.has(key)) return [];
        seen.add(key);
        return trustIssue(world, { owner, caller }) ?? [];
      }),
    ),
  );
};

function trustIssue(world: World, { owner, caller }: { owner: string; caller: string }): Issue | undefined {
  const [home, guest] = [world.clusters.get(owner), world.clusters.get(caller)];
  if (home === undefined || guest === undefined) return undefined;
  const [own, foreign] = [trustDomainOf(home), trustDomainOf(guest)];
  const accepted = world.inventories.get(owner)?.mesh.acceptedTrustDomains ?? [];
  if (own === foreign || accepted.includes(foreign)) return undefined;
  const message = `${owner} has the trust domain ${own} and refuses callers from ${caller}, whose trust domain is ${foreign}`;
  const hint = `in the mesh of ${owner}: meshConfig.caCertificates: [{pem: <root of ${caller}>, trustDomains: [${foreign}]}]`;
  return issue('ISM0120', { path: 'spec.trustDomain', message, hint, resource: refOf(home), cluster: owner });
}

const trustDomainOf = ({ spec }: Cluster): string => spec.trustDomain ?? 'cluster.local';
