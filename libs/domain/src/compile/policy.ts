import { byStrictness } from '../intent/encryption.js';
import type { EncryptionEntry, GnsEntry } from '../intent/entries.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { sortIssues } from '../issues/sort-issues.js';
import type { EncryptionPolicy, GlobalNamespace, Policy, PolicyTarget, SloPolicy } from '../resources/types.js';
import { buildTree } from '../tree/build.js';
import { byCodeUnit } from '../tree/canonical.js';
import { entry } from '../tree/entry.js';
import type { Tree, TreeEntry } from '../tree/types.js';
import { canonicalBody } from './canonical-body.js';
import { memberClusterNames, type Fleet } from './cluster-selection.js';
import { isCompilerVersion } from './compiler-version.js';
import { consumerEntries } from './consumers.js';
import { blockEntries } from './policies/block-entries.js';
import { withDataGroups } from './policies/data-groups.js';
import { externalEntries } from './policies/external.js';
import { publicEntries } from './policies/public.js';
import { groupEntries } from './policies/groups.js';
import { isScopedPolicy } from './policies/features-of.js';
import { userGroupEntries } from './policies/user-groups.js';
import { placeOf, policyRef, projectOf } from './policies/targets.js';
import { sloEntry } from './slo-entry.js';

/** Everything that a policy tree is a function of: specs and the recorded compiler version; never inventory. */
export interface PolicyInput extends Fleet {
  gns: GlobalNamespace;
  /** Policies of any project; those that do not target the global namespace are ignored. */
  policies: readonly Policy[];
  compilerVersion: number;
}

/** `tree` is undefined only if this release does not carry the compiler version. */
export interface PolicyResult {
  tree: Tree | undefined;
  issues: Issue[];
}

function targets(policy: EncryptionPolicy | SloPolicy, gns: GlobalNamespace): PolicyTarget[] {
  if (projectOf(policy) !== projectOf(gns)) return [];
  return policy.spec.targets.filter((target) => target.globalNamespace === gns.metadata.name);
}

function byName(a: { metadata: { name: string } }, b: { metadata: { name: string } }): number {
  return byCodeUnit(a.metadata.name, b.metadata.name);
}

/** Policies of encryption that target the global namespace: the first one holds, the strictest of them and then the first by name. */
export function encryptionPolicies(policies: readonly Policy[], gns: GlobalNamespace): EncryptionPolicy[] {
  return policies
    .filter((policy) => policy.kind === 'EncryptionPolicy')
    .filter((policy) => targets(policy, gns).length > 0)
    .sort((a, b) => byStrictness(b.spec.mode, a.spec.mode) || byName(a, b));
}

/** No entry without a policy: a mode that nobody asked for could loosen what the mesh's owners set. */
function encryptionEntry(input: PolicyInput, issues: Issue[]): TreeEntry[] {
  const [winner, ...losers] = encryptionPolicies(input.policies, input.gns);
  for (const loser of losers) {
    const message = `EncryptionPolicy ${winner?.metadata.name} (${winner?.spec.mode}) also targets ${input.gns.metadata.name}; this policy (${loser.spec.mode}) has no effect there`;
    issues.push(issue('ISM0112', { path: 'spec.targets', message, resource: policyRef(loser) }));
  }
  if (winner === undefined) return [];
  const body: EncryptionEntry = { kind: 'encryption', mode: winner.spec.mode };
  return [entry('gns/encryption', canonicalBody(body))];
}

function sloEntries(policy: SloPolicy, gns: GlobalNamespace, issues: Issue[]): TreeEntry[] {
  const wanted = targets(policy, gns);
  const body = sloEntry(policy.metadata.name, policy.spec);
  if (wanted.length > 0 && body === undefined) {
    issues.push(
      issue('ISM0203', {
        path: 'spec',
        message: `objective ${policy.metadata.name} cannot be compiled`,
        resource: policyRef(policy),
      }),
    );
  }
  if (body === undefined) return [];
  const entries = new Map<string, TreeEntry>();
  for (const target of wanted) {
    const place = placeOf(gns, target);
    if (place === undefined) {
      const message = `service ${target.service ?? ''} names no single host of ${gns.metadata.name} with its host template`;
      const path = `spec.targets[${policy.spec.targets.indexOf(target)}].service`;
      issues.push(issue('ISM0202', { path, message, resource: policyRef(policy) }));
      continue;
    }
    const name = `${place}/slo/${projectOf(policy)}/${policy.metadata.name}`;
    entries.set(name, entry(name, canonicalBody(body)));
  }
  return [...entries.values()];
}

function gnsEntry({ gns, ...fleet }: PolicyInput): TreeEntry {
  const body: GnsEntry = {
    kind: 'gns',
    project: projectOf(gns),
    name: gns.metadata.name,
    domain: gns.spec.domain,
    memberClusters: memberClusterNames(gns, fleet),
    consumers: consumerEntries(gns, fleet),
  };
  return entry('gns', canonicalBody(body));
}

/**
 * Compiles the policy tree of one global namespace: a pure function of specs and the compiler version, so discovery never
 * makes a revision. Member clusters and the clusters of consumers are resolved and pinned; namespaces and services float.
 */
export function compilePolicy(input: PolicyInput): PolicyResult {
  const issues: Issue[] = [];
  if (!isCompilerVersion(input.compilerVersion)) {
    const message = `compiler version ${input.compilerVersion} is not part of this release`;
    return { tree: undefined, issues: [issue('ISM0200', { message, resource: policyRef(input.gns) })] };
  }
  const slos = input.policies
    .filter((policy) => policy.kind === 'SloPolicy')
    .flatMap((policy) => sloEntries(policy, input.gns, issues));
  const scoped = withDataGroups(input.policies.filter(isScopedPolicy), input.policies);
  const blocks = blockEntries(scoped, input.gns, issues);
  const users = userGroupEntries(input.policies, input.gns);
  const groups = groupEntries(input.policies, input.gns, input);
  const externals = externalEntries(input.policies, input.gns, issues);
  const publics = publicEntries(input.policies, input.gns, { fleet: input, issues });
  const tree = buildTree([
    gnsEntry(input),
    ...encryptionEntry(input, issues),
    ...slos,
    ...groups,
    ...users,
    ...externals,
    ...publics,
    ...blocks,
  ]);
  return { tree, issues: sortIssues(issues) };
}
