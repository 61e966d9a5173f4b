import { projectOf } from '../compile/policies/targets.js';
import { formatPath } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { didYouMean } from '../resources/text/did-you-mean.js';
import type { AccessPolicy, Resource, ScopedTarget } from '../resources/types.js';
import { ofKind, refOf, type WorldCheck } from './world.js';

function namesByProject(resources: readonly Resource[], kind: 'ServiceGroup' | 'UserGroup'): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const resource of ofKind(resources, kind)) {
    const project = projectOf(resource);
    found.set(project, [...(found.get(project) ?? []), resource.metadata.name]);
  }
  return found;
}

/** Groups that rules name as callers must exist in the policy's project. */
export const checkCallerGroups: WorldCheck = ({ resources }) => {
  const known = {
    serviceGroups: namesByProject(resources, 'ServiceGroup'),
    userGroups: namesByProject(resources, 'UserGroup'),
  };
  return ofKind(resources, 'AccessPolicy').flatMap((policy) => {
    const callers = (policy.spec.rules ?? []).flatMap(({ from }, rule) => from.map((one, at) => ({ one, rule, at })));
    return (['serviceGroups', 'userGroups'] as const).flatMap((field) => {
      const names = known[field].get(projectOf(policy)) ?? [];
      return callers.flatMap(({ one, rule, at }) =>
        (one[field] ?? []).flatMap((name, index): Issue[] => {
          if (names.includes(name)) return [];
          const path = formatPath(['spec', 'rules', rule, 'from', at, field, index]);
          const hint = didYouMean(name, names);
          const message = `there is no ${field === 'serviceGroups' ? 'service' : 'user'} group ${name}`;
          return [issue('ISM0884', { path, message, resource: refOf(policy), ...(hint && { hint }) })];
        }),
      );
    });
  });
};

function placeOf(policy: AccessPolicy, target: ScopedTarget): string {
  const { scope = '', globalNamespace = '', serviceGroup = '', service = '', port = 0 } = target;
  const { enforced = false, mode = 'ENFORCE' } = policy.spec;
  return [projectOf(policy), scope, globalNamespace, serviceGroup, service, port, enforced, mode].join('/');
}

/** Several defaults for one target: the policies with the looser one are told. */
export const checkDefaults: WorldCheck = ({ resources }) => {
  const policies = ofKind(resources, 'AccessPolicy').filter(({ spec }) => spec.default !== undefined);
  const strict = new Map<string, string>();
  for (const policy of policies.filter(({ spec }) => spec.default === 'DENY'))
    for (const target of policy.spec.targets) strict.set(placeOf(policy, target), policy.metadata.name);
  return policies
    .filter(({ spec }) => spec.default === 'ALLOW')
    .flatMap((policy) =>
      policy.spec.targets.flatMap((target, index): Issue[] => {
        const rival = strict.get(placeOf(policy, target));
        if (rival === undefined) return [];
        const message = `AccessPolicy ${rival} says default DENY of the same target, which holds`;
        return [issue('ISM0885', { path: formatPath(['spec', 'targets', index]), message, resource: refOf(policy) })];
      }),
    );
};

/** That an ALLOW rule refuses everyone else, where the policy does not say so itself. */
export const checkClosing: WorldCheck = ({ resources }) =>
  ofKind(resources, 'AccessPolicy').flatMap((policy): Issue[] => {
    const { rules = [], default: rest } = policy.spec;
    const index = rules.findIndex(({ action }) => action === 'ALLOW');
    if (index < 0 || rest === 'DENY') return [];
    const resource = refOf(policy);
    if (rest === 'ALLOW') {
      const message = 'the default ALLOW does not hold where ALLOW rules do';
      return [issue('ISM0887', { path: 'spec.default', message, resource })];
    }
    const message = 'everyone whom no ALLOW rule admits is refused from now on';
    return [issue('ISM0886', { path: formatPath(['spec', 'rules', index]), message, resource })];
  });
