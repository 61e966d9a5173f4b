import { byStrictness } from '../intent/encryption.js';
import { formatPath } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { namedServices, targetsOf } from '../compile/policies/targets.js';
import { isPolicy } from '../resources/schema/kinds.js';
import { didYouMean } from '../resources/text/did-you-mean.js';
import { DEFAULT_PROJECT } from '../resources/types.js';
import type { EncryptionPolicy, Policy } from '../resources/types.js';
import { ofKind, refOf, scopedName, type GnsReach, type World, type WorldCheck } from './world.js';

/** Encryption policies that target each global namespace, by `<project>/<name>`; the first is the one that wins. */
export function encryptionByGns({ resources }: World): Map<string, EncryptionPolicy[]> {
  const found = new Map<string, EncryptionPolicy[]>();
  for (const policy of ofKind(resources, 'EncryptionPolicy')) {
    const project = policy.metadata.project ?? DEFAULT_PROJECT;
    for (const name of new Set(policy.spec.targets.map((target) => target.globalNamespace))) {
      const key = `${project}/${name}`;
      const policies = found.get(key) ?? [];
      policies.push(policy);
      found.set(key, policies);
    }
  }
  for (const policies of found.values()) policies.sort(strictestFirst);
  return found;
}

function strictestFirst(a: EncryptionPolicy, b: EncryptionPolicy): number {
  return byStrictness(b.spec.mode, a.spec.mode) || (a.metadata.name < b.metadata.name ? -1 : 1);
}

/** Several encryption policies on one global namespace: the losers are told. */
export const checkEncryption: WorldCheck = (world) => {
  const names = new Set(world.reaches.map(({ gns }) => scopedName(gns)));
  const contested = [...encryptionByGns(world)].filter(([name]) => names.has(name));
  return contested.flatMap(([name, [winner, ...losers]]) =>
    losers.map((loser) => {
      const rule = `${winner?.metadata.name ?? ''} (${winner?.spec.mode ?? ''})`;
      const message = `EncryptionPolicy ${rule} also targets ${name} and wins over ${loser.spec.mode}`;
      const index = loser.spec.targets.findIndex((target) => name.endsWith(`/${target.globalNamespace}`));
      return issue('ISM0112', { path: formatPath(['spec', 'targets', index]), message, resource: refOf(loser) });
    }),
  );
};

/** Only policies of the project default may reach for every project. */
export const checkWideTargets: WorldCheck = ({ resources }) =>
  resources.filter(isPolicy).flatMap((policy) => {
    const { name, project = DEFAULT_PROJECT } = policy.metadata;
    return targetsOf(policy).flatMap(({ scope }, index) => {
      if (scope !== 'ORGANIZATION' || project === DEFAULT_PROJECT) return [];
      const message = `${policy.kind} ${name} of project ${project} has scope ORGANIZATION`;
      const path = formatPath(['spec', 'targets', index, 'scope']);
      return [issue('ISM0953', { path, message, resource: refOf(policy) })];
    });
  });

/** A policy for a service group should name one of its project. */
export const checkTargetGroups: WorldCheck = ({ resources }) => {
  const groups = new Map<string, string[]>();
  for (const { metadata } of ofKind(resources, 'ServiceGroup')) {
    const project = metadata.project ?? DEFAULT_PROJECT;
    groups.set(project, [...(groups.get(project) ?? []), metadata.name]);
  }
  return resources.filter(isPolicy).flatMap((policy) => {
    const known = groups.get(policy.metadata.project ?? DEFAULT_PROJECT) ?? [];
    return targetsOf(policy).flatMap(({ serviceGroup }, index) => {
      if (serviceGroup === undefined || known.includes(serviceGroup)) return [];
      const hint = didYouMean(serviceGroup, known);
      const message = `there is no service group ${serviceGroup}, so the policy applies to nothing here`;
      const path = formatPath(['spec', 'targets', index, 'serviceGroup']);
      return [issue('ISM0958', { path, message, resource: refOf(policy), ...(hint && { hint }) })];
    });
  });
};

/** A policy for one service should name one that the global namespace has. */
export const checkTargetServices: WorldCheck = (world) => {
  const known = new Map(world.reaches.map((reach) => [scopedName(reach.gns), new ServiceNames(reach)]));
  return world.resources.filter(isPolicy).flatMap((policy) => unknownServices(policy, known));
};

const MANY = 1_000;
const HINTS = 20;

/** Names of the known services of a global namespace: gathered once, and only if a policy names a service. */
class ServiceNames {
  private plain: ReadonlySet<string> | undefined;
  private full: ReadonlySet<string> | undefined;
  private hints = 0;

  constructor(private readonly reach: GnsReach) {}

  get title(): string {
    return scopedName(this.reach.gns);
  }

  /** True also while no service is known at all. */
  has(service: string): boolean {
    const { members } = this.reach;
    this.full ??= new Set(members.map((member) => `${member.service.name}.${member.namespace}`));
    return members.length === 0 || this.names().has(service) || this.full.has(service);
  }

  /** What may have been meant by a name; among thousands of names that is sought for the first few only. */
  hintFor(service: string): string | undefined {
    this.hints += 1;
    const names = this.names();
    return names.size > MANY && this.hints > HINTS ? undefined : didYouMean(service, [...names]);
  }

  private names(): ReadonlySet<string> {
    this.plain ??= new Set(this.reach.members.map((member) => member.service.name).sort());
    return this.plain;
  }
}

function unknownServices(policy: Policy, known: ReadonlyMap<string, ServiceNames>): Issue[] {
  return namedServices(policy).flatMap(({ globalNamespace, service, steps }) => {
    const services = known.get(`${policy.metadata.project ?? DEFAULT_PROJECT}/${globalNamespace}`);
    if (services === undefined || services.has(service)) return [];
    const hint = services.hintFor(service);
    const message = `${services.title} has no service ${service}`;
    const path = formatPath(steps);
    return [issue('ISM0129', { path, message, resource: refOf(policy), ...(hint && { hint }) })];
  });
}
