import { dataGroupsFor, WEB_PORTS } from '../compile/policies/data-groups.js';
import { formatPath } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { isPolicy } from '../resources/schema/kinds.js';
import { didYouMean } from '../resources/text/did-you-mean.js';
import type { DataGroup, EgressPolicy } from '../resources/types.js';
import { ofKind, refOf, type WorldCheck } from './world.js';

interface Use {
  policy: EgressPolicy;
  group: DataGroup;
  path: string;
}

/** Data groups that egress policies name must exist in the policy's project, and fit what else the policy says. */
export const checkDataGroups: WorldCheck = ({ resources }) => {
  const policies = resources.filter(isPolicy);
  return ofKind(resources, 'EgressPolicy').flatMap((policy) => {
    const groups = dataGroupsFor(policy, policies);
    const uses: Use[] = [];
    const missing = (policy.spec.allow ?? []).flatMap(({ dataGroups = [] }, at) =>
      dataGroups.flatMap((name, index): Issue[] => {
        const path = formatPath(['spec', 'allow', at, 'dataGroups', index]);
        const group = groups.get(name);
        if (group !== undefined) uses.push({ policy, group, path });
        if (group !== undefined) return [];
        const hint = didYouMean(name, [...groups.keys()]);
        const message = `there is no data group ${name}, so nothing is allowed by it`;
        return [issue('ISM0928', { path, message, resource: refOf(policy), ...(hint && { hint }) })];
      }),
    );
    return [...missing, ...uses.flatMap(gatewayIssues), ...protocolIssues(policy, uses)];
  });
};

/** What a gateway cannot let through; it stays closed. */
function gatewayIssues({ policy, group, path }: Use): Issue[] {
  if (policy.spec.via === undefined) return [];
  const all = group.spec.members.flatMap(({ hosts = [], cidrs = [] }) => [...hosts, ...cidrs]);
  const closed = all.filter((one) => one.startsWith('*.') || one.includes('/'));
  return closed.map((one) => {
    const message = `${one} of data group ${group.metadata.name} cannot be called through a gateway, which calls hosts by name`;
    return issue('ISM0927', { path, message, resource: refOf(policy) });
  });
}

/** A port of a host has one protocol. */
function protocolIssues(policy: EgressPolicy, uses: readonly Use[]): Issue[] {
  const protocols = new Map<string, { protocol: string; where: string }>();
  const own = (policy.spec.allow ?? []).filter(({ dataGroups }) => dataGroups === undefined);
  const places = [
    ...own.map((place) => ({ place, where: 'the policy itself', path: 'spec.allow' })),
    ...uses.flatMap(({ group, path }) =>
      group.spec.members.map((place) => ({ place, where: `data group ${group.metadata.name}`, path })),
    ),
  ];
  return places.flatMap(({ place: { hosts = [], cidrs = [], ports = WEB_PORTS }, where, path }) =>
    [...hosts, ...cidrs].flatMap((one) =>
      ports.flatMap(({ number, protocol }): Issue[] => {
        const key = `${one} ${number}`;
        const known = protocols.get(key) ?? { protocol, where };
        protocols.set(key, known);
        if (known.protocol === protocol) return [];
        const message = `port ${number} of ${one} is ${known.protocol} in ${known.where}, which counts, and ${protocol} in ${where}`;
        return [issue('ISM0929', { path, message, resource: refOf(policy) })];
      }),
    ),
  );
}
