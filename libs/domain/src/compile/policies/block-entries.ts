import { byPrecedence, type BlockEntry, type Scope } from '../../intent/features/block.js';
import { FEATURE_MERGE, type Feature } from '../../intent/features/features.js';
import { formatPath } from '../../issues/field-path.js';
import type { Issue } from '../../issues/issue.js';
import { issue } from '../../issues/make-issue.js';
import type { GlobalNamespace, ScopedTarget } from '../../resources/types.js';
import { byCodeUnit } from '../../tree/canonical.js';
import { entry } from '../../tree/entry.js';
import type { TreeEntry } from '../../tree/types.js';
import { canonicalBody } from '../canonical-body.js';
import { featuresOf, type ScopedPolicy } from './features-of.js';
import { withMirrorHosts } from './routes.js';
import { placeOf, policyRef, projectOf, reaches } from './targets.js';

interface PlacedBlock {
  place: string;
  path: string;
  policy: ScopedPolicy;
  block: BlockEntry;
}

function scopeOf({ scope, serviceGroup, service, port }: ScopedTarget): Scope {
  if (port !== undefined) return 'PORT';
  if (service !== undefined) return 'SERVICE';
  if (serviceGroup !== undefined) return 'SERVICE_GROUP';
  return scope ?? 'GLOBAL_NAMESPACE';
}

function blockOf(policy: ScopedPolicy, target: ScopedTarget, feature: Feature): BlockEntry {
  const { kind, metadata, spec } = policy;
  return {
    kind: 'block',
    scope: scopeOf(target),
    group: target.serviceGroup,
    port: target.port,
    ...(spec.enforced === true ? { enforced: true } : {}),
    policy: { kind, project: projectOf(policy), name: metadata.name },
    feature,
  };
}

function placedBlocks(policy: ScopedPolicy, gns: GlobalNamespace, issues: Issue[]): PlacedBlock[] {
  const hostOf = (service: string) => placeOf(gns, { service })?.slice('host/'.length);
  const features = featuresOf(policy).map((feature) => withMirrorHosts(feature, hostOf));
  return policy.spec.targets.flatMap((target, index) => {
    if (!reaches(policy, target, gns)) return [];
    const path = formatPath(['spec', 'targets', index]);
    const place = placeOf(gns, target);
    if (place !== undefined)
      return features.map((feature) => ({ place, path, policy, block: blockOf(policy, target, feature) }));
    const message = `service ${target.service ?? ''} names no single host of ${gns.metadata.name} with its host template`;
    issues.push(issue('ISM0202', { path: `${path}.service`, message, resource: policyRef(policy) }));
    return [];
  });
}

/** What one block shares with those that it competes with. */
function contestOf({ place, block: { scope, group = '', port = 0, enforced, feature } }: PlacedBlock): string {
  return [place, feature.kind, scope, group, port, enforced ?? false].join(' ');
}

/** Of several policies of equal scope one wins; the others are told here, because no narrower scope hides it. */
function contradictions(placed: readonly PlacedBlock[], gns: GlobalNamespace): Issue[] {
  const contests = new Map<string, PlacedBlock[]>();
  for (const one of placed.filter(({ block }) => FEATURE_MERGE[block.feature.kind] === 'ATOMIC')) {
    const key = contestOf(one);
    contests.set(key, [...(contests.get(key) ?? []), one]);
  }
  return [...contests.values()].flatMap((rivals) => {
    const [winner, ...losers] = rivals.sort((a, b) => byPrecedence(a.block, b.block));
    return losers
      .filter((loser) => loser.policy !== winner?.policy)
      .map(({ policy, path, block }) => {
        const { kind, name } = winner?.block.policy ?? block.policy;
        const message = `${kind} ${name} says ${block.feature.kind} of the same target in ${gns.metadata.name} and wins; this one has no effect there`;
        return issue('ISM0954', { path, message, resource: policyRef(policy) });
      });
  });
}

function nameOf({ place, block: { scope, group, port, policy, feature } }: PlacedBlock): string {
  const at = [scope.toLowerCase().replaceAll('_', '-'), group, port].filter((part) => part !== undefined);
  return [place, 'block', feature.kind, ...at, policy.project, policy.kind, policy.name].join('/');
}

/**
 * Entries of scoped policies: each block stays by itself, and who wins is weighed where the entries are read, because
 * membership in groups is known only there. A policy that targets the same place twice says it once.
 */
export function blockEntries(policies: readonly ScopedPolicy[], gns: GlobalNamespace, issues: Issue[]): TreeEntry[] {
  const sorted = [...policies].sort((a, b) => byCodeUnit(a.metadata.name, b.metadata.name));
  const placed = sorted.flatMap((policy) => placedBlocks(policy, gns, issues));
  issues.push(...contradictions(placed, gns));
  const entries = new Map(placed.map((one) => [nameOf(one), one.block]));
  return [...entries].map(([name, block]) => entry(name, canonicalBody(block)));
}
