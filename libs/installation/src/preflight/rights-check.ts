import { NAMES } from '../names.js';
import { RIGHTS, type Right } from '../rights.js';
import type { ClusterProbe } from './cluster-probe.js';
import { faulty, passed, skipped, type Finding } from './finding.js';

/** Whose rights: the caller's own, or those of the agent's ServiceAccount as seen by somebody else. */
export interface RightsQuestion {
  namespace: string;
  asAccount: boolean;
}

const CHECK = 'rights of the agent';

/** Asks for every right that the agent needs; each that is missing is named with what does not work without it. */
export async function checkRights(probe: ClusterProbe, question: RightsQuestion): Promise<Finding[]> {
  const outcomes = await Promise.all(
    RIGHTS.flatMap((right) => right.verbs.map((verb) => ask(probe, { right, verb, ...question }))),
  );
  const unknown = outcomes.find(({ state }) => state === 'unknown');
  if (unknown !== undefined) return [skipped(CHECK, `the cluster does not say: ${unknown.reason ?? ''}`)];
  const optional = outcomes.filter(({ right }) => right.onlyWith !== undefined);
  const declined = optional.every(({ state }) => state === 'missing') ? optional : [];
  const missing = outcomes.filter((outcome) => outcome.state === 'missing' && !declined.includes(outcome));
  const limited = outcomes.filter(({ state }) => state === 'limited');
  const count = outcomes.length - missing.length - declined.length;
  return [
    ...(missing.length === 0
      ? [passed(CHECK, `all ${String(count)} are granted${notAskedFor(declined)}`)]
      : grouped(missing).map(missingFinding)),
    ...(limited.length === 0 ? [] : [limitedFinding(question.namespace)]),
  ];
}

interface Asked extends RightsQuestion {
  right: Right;
  verb: string;
}

interface Outcome {
  right: Right;
  verb: string;
  state: 'granted' | 'missing' | 'limited' | 'unknown';
  reason?: string;
}

async function ask(probe: ClusterProbe, { right, verb, namespace, asAccount }: Asked): Promise<Outcome> {
  const account = asAccount ? { namespace, name: NAMES.agent } : undefined;
  const { group, resource, names } = right;
  const question = { verb, group, resource, name: names?.[0] };
  const place = right.scope === 'own' ? namespace : undefined;
  const answer = await probe.allows({ ...question, namespace: place }, account);
  if (!answer.ok) return { right, verb, state: 'unknown', reason: answer.failure.message };
  if (answer.value) return { right, verb, state: 'granted' };
  if (right.scope !== 'mesh') return { right, verb, state: 'missing' };
  const own = await probe.allows({ ...question, namespace }, account);
  return { right, verb, state: own.ok && own.value ? 'limited' : 'missing' };
}

/** Verbs of one right together. */
function grouped(outcomes: readonly Outcome[]): { right: Right; verbs: string[] }[] {
  const rights = [...new Set(outcomes.map(({ right }) => right))];
  return rights.map((right) => ({
    right,
    verbs: outcomes.filter((outcome) => outcome.right === right).map(({ verb }) => verb),
  }));
}

function missingFinding({ right, verbs }: { right: Right; verbs: string[] }): Finding {
  const { group, resource, names, scope, why } = right;
  const what = `${verbs.join(', ')} ${resource}${group === '' ? '' : `.${group}`}`;
  const which = names === undefined ? '' : ` named ${names[0] ?? ''}`;
  const role = {
    cluster: `ClusterRole ${NAMES.agent}`,
    mesh: `ClusterRole ${NAMES.meshWriter}`,
    own: `Role ${NAMES.agent}`,
  };
  return faulty(CHECK, 'ISM0470', {
    detail: `may not ${what}${which}, needed for ${why}`,
    fix: `Grant it in the ${role[scope]}: apply the manifest or the chart of this release again.`,
  });
}

/** Not having what an installation did not ask for is no fault. */
function notAskedFor(declined: readonly Outcome[]): string {
  const names = [...new Set(declined.map(({ right }) => `${right.resource} (rbac.${right.onlyWith ?? ''})`))];
  return names.length === 0 ? '' : `; not asked for: ${names.join(', ')}`;
}

function limitedFinding(namespace: string): Finding {
  return {
    check: CHECK,
    state: 'warn',
    detail: `mesh configuration may be written in ${namespace} and perhaps in other namespaces, but not in every one`,
    fix: 'Nothing, if that is wanted (rbac.writeNamespaces): objects of other namespaces are reported as not applied.',
  };
}
