import type { AuthorizationFeature, OperationOfRule } from '../../intent/features/authorization.js';
import type { Feature } from '../../intent/features/features.js';
import type { AccessPolicySpec } from '../../resources/policies/access-policy.js';
import { byCodeUnit } from '../../tree/canonical.js';

type Rule = NonNullable<AccessPolicySpec['rules']>[number];

const set = (values: readonly string[] | undefined): string[] | undefined =>
  values && [...new Set(values)].sort(byCodeUnit);

function operationOf({ ports, methods, paths, headers }: NonNullable<Rule['to']>[number]): OperationOfRule {
  return {
    ports: ports && [...new Set(ports)].sort((a, b) => a - b),
    methods: set(methods),
    paths: set(paths),
    headers: headers
      ?.map(({ name, values }) => ({ name: name.toLowerCase(), values: set(values) ?? [] }))
      .sort((a, b) => byCodeUnit(a.name, b.name)),
  };
}

function ruleOf({ action, from, to }: Rule): NonNullable<AuthorizationFeature['rules']>[number] {
  const callers = from.map(({ anyone, serviceGroups, services, namespaces, userGroups }) => ({
    anyone,
    serviceGroups: set(serviceGroups),
    services: set(services),
    namespaces: set(namespaces),
    userGroups: set(userGroups),
  }));
  return { action, from: callers, to: to?.map(operationOf) };
}

/** The one feature of an AccessPolicy: default, mode and rules belong together. */
export function accessFeatures({ mode, default: rest, rules }: AccessPolicySpec): Feature[] {
  return [{ kind: 'authorization', ...(mode === 'AUDIT' ? { mode } : {}), default: rest, rules: rules?.map(ruleOf) }];
}
