import { hostName, hostNeedsNamespace } from '../../intent/host-name.js';
import type { PathStep } from '../../issues/field-path.js';
import type { ResourceRef } from '../../issues/issue.js';
import { DEFAULT_PROJECT, type GlobalNamespace, type Policy, type ScopedTarget } from '../../resources/types.js';

type Named = { kind: string; metadata: { name: string; project?: string } };

/** The project of a resource. */
export const projectOf = ({ metadata }: Pick<Named, 'metadata'>): string => metadata.project ?? DEFAULT_PROJECT;

/** What an issue says of a policy. */
export function policyRef(policy: Named): ResourceRef {
  return { kind: policy.kind, name: policy.metadata.name, project: projectOf(policy) };
}

/** True if a target of the policy means this global namespace or something in it. */
export function reaches(
  policy: Pick<Named, 'metadata'>,
  target: ScopedTarget,
  gns: Pick<GlobalNamespace, 'metadata'>,
): boolean {
  if (target.scope === 'ORGANIZATION') return projectOf(policy) === DEFAULT_PROJECT;
  if (projectOf(policy) !== projectOf(gns)) return false;
  return target.scope === 'PROJECT' || target.globalNamespace === gns.metadata.name;
}

/** Place of an entry: the global namespace, or one host. Undefined if the target names no single host. */
export function placeOf(gns: GlobalNamespace, target: ScopedTarget): string | undefined {
  if (target.service === undefined) return 'gns';
  const [name = '', namespace = '', ...rest] = target.service.split('.');
  if (rest.length > 0 || (namespace !== '') !== hostNeedsNamespace(gns.spec)) return undefined;
  return `host/${hostName(gns.spec, { name, namespace })}`;
}

/** Targets of a policy; kinds that have none, such as groups, concern every global namespace of their project. */
export function targetsOf(policy: Policy): readonly ScopedTarget[] {
  return 'targets' in policy.spec ? policy.spec.targets : [{ scope: 'PROJECT' }];
}

/** Every service of a global namespace that a policy names, with its place in the spec. */
export function namedServices(policy: Policy): { globalNamespace: string; service: string; steps: PathStep[] }[] {
  const named = targetsOf(policy).flatMap(({ globalNamespace = '', service }, index) =>
    service === undefined ? [] : [{ globalNamespace, service, steps: ['spec', 'targets', index, 'service'] }],
  );
  if (policy.kind !== 'PublicService') return named;
  const [target] = policy.spec.targets;
  const paths = (policy.spec.paths ?? []).map(({ service }, index) => ({
    ...{ globalNamespace: target?.globalNamespace ?? '', service },
    steps: ['spec', 'paths', index, 'service'],
  }));
  return [...named, ...paths];
}

/** Groups that policies for the whole organization, which live in the project default, may name. */
const NAMED_FROM_ABOVE: ReadonlySet<string> = new Set(['UserGroup', 'DataGroup']);

/** True if the policy can be part of what this global namespace compiles to. */
export function concerns(policy: Policy, gns: Pick<GlobalNamespace, 'metadata'>): boolean {
  const isNamedFromAbove = NAMED_FROM_ABOVE.has(policy.kind) && projectOf(policy) === DEFAULT_PROJECT;
  return isNamedFromAbove || targetsOf(policy).some((target) => reaches(policy, target, gns));
}
