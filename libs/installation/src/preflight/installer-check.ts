import { RIGHTS } from '../rights.js';
import type { AccessQuestion, ClusterProbe } from './cluster-probe.js';
import { passed, skipped, type Finding } from './finding.js';

const CHECK = 'rights to install';
const RBAC = 'rbac.authorization.k8s.io';

/** What the manifest makes. */
const MADE: readonly [group: string, resources: readonly string[], isCluster: boolean][] = [
  ['', ['namespaces'], true],
  [RBAC, ['clusterroles', 'clusterrolebindings'], true],
  [RBAC, ['roles', 'rolebindings'], false],
  ['', ['serviceaccounts', 'secrets', 'configmaps'], false],
  ['apps', ['deployments'], false],
  ['networking.k8s.io', ['networkpolicies'], false],
  ['policy', ['poddisruptionbudgets'], false],
];

/** Whether who asks may apply the manifest: make each object, and grant rights that it holds itself or may hand out. */
export async function checkInstaller(probe: ClusterProbe, namespace: string): Promise<Finding[]> {
  const questions = MADE.flatMap(([group, resources, isCluster]) =>
    resources.flatMap((resource) =>
      ['create', 'patch'].map((verb): AccessQuestion => ({
        verb,
        group,
        resource,
        namespace: isCluster ? undefined : namespace,
      })),
    ),
  );
  const answers = await Promise.all(questions.map((question) => probe.allows(question)));
  const failed = answers.find((answer) => !answer.ok);
  if (failed !== undefined && !failed.ok)
    return [skipped(CHECK, `the cluster does not say: ${failed.failure.message}`)];
  const missing = questions
    .filter((_, index) => !isYes(answers[index]))
    .map(({ verb, resource }) => `${verb} ${resource}`);
  if (missing.length > 0) return [lacking(`may not ${missing.join(', ')}`)];
  return (await mayGrant(probe, namespace))
    ? [passed(CHECK, 'everything in the manifest can be made')]
    : [lacking('may not grant rights that it does not hold')];
}

async function mayGrant(probe: ClusterProbe, namespace: string): Promise<boolean> {
  const escalate = await probe.allows({ verb: 'escalate', group: RBAC, resource: 'clusterroles' });
  if (isYes(escalate)) return true;
  const held = RIGHTS.filter(({ onlyWith }) => onlyWith === undefined).flatMap(
    ({ group, resource, verbs, names, scope }) =>
      verbs.map((verb) => ({
        verb,
        group,
        resource,
        name: names?.[0],
        namespace: scope === 'own' ? namespace : undefined,
      })),
  );
  const answers = await Promise.all(held.map((question) => probe.allows(question)));
  return answers.every(isYes);
}

function isYes(answer: { ok: boolean; value?: unknown } | undefined): boolean {
  return answer?.ok === true && answer.value === true;
}

function lacking(detail: string): Finding {
  return {
    check: CHECK,
    state: 'fail',
    detail,
    fix: 'Let a cluster administrator apply the manifest, or use a kubeconfig that may.',
  };
}
