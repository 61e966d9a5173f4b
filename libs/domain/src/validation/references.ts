import { formatPath, type PathStep } from '../issues/field-path.js';
import type { IssueCode } from '../issues/catalog.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { targetsOf } from '../compile/policies/targets.js';
import { isPolicy, isProjectScoped } from '../resources/schema/kinds.js';
import { didYouMean } from '../resources/text/did-you-mean.js';
import { DEFAULT_PROJECT } from '../resources/types.js';
import type { ClusterSelector, GlobalNamespace, Resource } from '../resources/types.js';
import { ofKind, refOf, scopedName, type World, type WorldCheck } from './world.js';

/** Every name in a resource must exist: projects, targets of policies, clusters and groups in rules. */
export const checkReferences: WorldCheck = (world) => {
  const names = namesOf(world);
  return [
    ...unknownProjects(world),
    ...unknownTargets(world),
    ...ofKind(world.resources, 'GlobalNamespace').flatMap((gns) => ruleReferences(gns, names)),
    ...ofKind(world.resources, 'ClusterGroup').flatMap((group) =>
      selectorReferences(group.spec.clusters, { resource: group, steps: ['spec', 'clusters'], names }),
    ),
  ];
};

interface KnownNames {
  clusters: string[];
  groups: string[];
}

interface Place {
  resource: Resource;
  steps: readonly PathStep[];
  names: KnownNames;
}

function namesOf({ resources, clusters }: World): KnownNames {
  const groups = ofKind(resources, 'ClusterGroup').map(({ metadata }) => metadata.name);
  return { clusters: [...clusters.keys()].sort(), groups: groups.sort() };
}

function unknownProjects({ resources }: World): Issue[] {
  const known = [DEFAULT_PROJECT, ...ofKind(resources, 'Project').map(({ metadata }) => metadata.name)];
  const set = new Set(known);
  return resources.flatMap((resource) => {
    const { project } = resource.metadata;
    if (!isProjectScoped(resource.kind) || project === undefined || set.has(project)) return [];
    return [
      unknown('ISM0128', { resource, steps: ['metadata', 'project'] }, { what: 'project', name: project, known }),
    ];
  });
}

function unknownTargets({ resources }: World): Issue[] {
  const all = ofKind(resources, 'GlobalNamespace');
  const known = new Set(all.map(scopedName));
  return resources.filter(isPolicy).flatMap((policy) => {
    const project = policy.metadata.project ?? DEFAULT_PROJECT;
    const near = all.filter(({ metadata }) => (metadata.project ?? DEFAULT_PROJECT) === project);
    return targetsOf(policy).flatMap(({ globalNamespace: name }, index) => {
      if (name === undefined || known.has(`${project}/${name}`)) return [];
      const steps = ['spec', 'targets', index, 'globalNamespace'];
      const names = near.map(({ metadata }) => metadata.name);
      return [
        unknown(
          'ISM0111',
          { resource: policy, steps },
          { what: 'global namespace', where: ` in project ${project}`, name, known: names },
        ),
      ];
    });
  });
}

function ruleReferences(gns: GlobalNamespace, names: KnownNames): Issue[] {
  return (['members', 'consumers', 'exclude'] as const).flatMap((field) =>
    (gns.spec[field] ?? []).flatMap(({ clusters }, index) =>
      selectorReferences(clusters, { resource: gns, steps: ['spec', field, index, 'clusters'], names }),
    ),
  );
}

function selectorReferences(selector: ClusterSelector | undefined, { resource, steps, names }: Place): Issue[] {
  const missing = (field: 'names' | 'groups', known: readonly string[]) => {
    const set = new Set(known);
    const given = (selector?.[field] ?? []).map((name, index): [string, number] => [name, index]);
    return given.filter(([name]) => !set.has(name)).map(([name, index]) => ({ name, at: [...steps, field, index] }));
  };
  return [
    ...missing('names', names.clusters).map(({ name, at }) =>
      unknown('ISM0126', { resource, steps: at }, { what: 'cluster', name, known: names.clusters }),
    ),
    ...missing('groups', names.groups).map(({ name, at }) =>
      unknown('ISM0127', { resource, steps: at }, { what: 'cluster group', name, known: names.groups }),
    ),
  ];
}

function unknown(
  code: IssueCode,
  { resource, steps }: { resource: Resource; steps: readonly PathStep[] },
  { what, where = '', name, known }: { what: string; where?: string; name: string; known: readonly string[] },
): Issue {
  const hint = didYouMean(name, known);
  const message = `there is no ${what} ${name}${where}`;
  return issue(code, { path: formatPath(steps), message, resource: refOf(resource), ...(hint && { hint }) });
}
