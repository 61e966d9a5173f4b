import { CallJudge, type CallVerdict, type GnsView, type HostView, type KubeObject } from '@isthmus/domain';
import { describe, expect, it } from 'vitest';
import { objectName } from '../../../object-name.js';
import { policyCases, renderFiles } from '../policy-cases.fixture.js';
import type { IstioRule, IstioSource } from './access-rules.js';

type Extent = 'ALL' | 'SOME' | 'NONE';
interface Call {
  principal: string;
  port: string;
}

const all = (extents: Extent[]): Extent =>
  extents.includes('NONE') ? 'NONE' : extents.includes('SOME') ? 'SOME' : 'ALL';
const any = (extents: Extent[]): Extent =>
  extents.includes('ALL') ? 'ALL' : extents.includes('SOME') ? 'SOME' : 'NONE';

function isNamed(principals: readonly string[], principal: string): boolean {
  return principals.some((one) => (one.endsWith('*') ? principal.startsWith(one.slice(0, -1)) : one === principal));
}

/** Which calls of a workload with an identity come from a source. */
function ofSource({ principals, notPrincipals, notRequestPrincipals }: IstioSource, { principal }: Call): Extent {
  if (principals !== undefined && !isNamed(principals, principal)) return 'NONE';
  if (notPrincipals !== undefined) return 'NONE';
  return notRequestPrincipals === undefined ? 'ALL' : 'SOME';
}

/** Which calls a rule matches, as Istio documents it. */
function ofRule({ from, to = [], when }: IstioRule, call: Call): Extent {
  const operations = to.map(({ operation: { ports, methods, paths } }): Extent => {
    if (ports !== undefined && !ports.includes(call.port)) return 'NONE';
    return methods === undefined && paths === undefined ? 'ALL' : 'SOME';
  });
  return all([
    from === undefined ? 'ALL' : any(from.map(({ source }) => ofSource(source, call))),
    any(operations),
    when === undefined ? 'ALL' : 'SOME',
  ]);
}

const rulesOf = (policy: KubeObject): IstioRule[] => (policy.spec as { rules?: IstioRule[] }).rules ?? [];
const matching = (policies: readonly KubeObject[], call: Call): Extent =>
  any(policies.flatMap(rulesOf).map((rule) => ofRule(rule, call)));

type Outcome = 'ALLOWED' | 'DENIED' | 'DEPENDS';

/** What the rendered policies of a service make of a call. */
function rendered(objects: readonly KubeObject[], callee: HostView, call: Call): Outcome {
  const named = (role: string): KubeObject[] =>
    objects.filter(
      ({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name === objectName(callee.host.host, role),
    );
  const denied = matching(named('deny'), call);
  if (denied === 'ALL') return 'DENIED';
  const allow = named('allow');
  const allowed = allow.length === 0 ? 'ALL' : matching(allow, call);
  if (allowed === 'NONE') return 'DENIED';
  return denied === 'SOME' || allowed === 'SOME' ? 'DEPENDS' : 'ALLOWED';
}

const OUTCOMES: Record<CallVerdict, Outcome> = {
  ...{ ALLOWED: 'ALLOWED', ALLOWED_BY_DEFAULT: 'ALLOWED', DENIED: 'DENIED', DENIED_BY_DEFAULT: 'DENIED' },
  DEPENDS: 'DEPENDS',
};

function callsTo(callee: HostView, caller: HostView, number: number): (Call & { cluster: string })[] {
  return callee.members.flatMap(({ cluster, ports }) => {
    const target = ports.find((port) => port.number === number)?.targetPort;
    if (target === undefined) return [];
    return caller.members.flatMap(({ namespace, serviceAccounts = [] }) =>
      serviceAccounts.map((account) => ({
        ...{ cluster, port: String(target), principal: `cluster.local/ns/${namespace}/sa/${account}` },
      })),
    );
  });
}

/** Calls of which the judge says something else than what is rendered. */
function disagreements(view: GnsView, clusters: ReadonlyMap<string, KubeObject[]>): string[] {
  const judge = new CallJudge(view);
  return view.hosts.flatMap((caller) =>
    view.hosts.flatMap((callee) =>
      callee.host.ports.flatMap(({ number }) => {
        const calls = callsTo(callee, caller, number);
        const outcomes = calls.map(({ cluster, ...call }) => rendered(clusters.get(cluster) ?? [], callee, call));
        if (outcomes.length === 0) return [];
        const expected = new Set(outcomes).size === 1 ? outcomes[0] : 'DEPENDS';
        const judged = judge
          .judge(caller, callee)
          .find(({ ports }) => ports.length === 0 || ports.includes(number))?.verdict;
        if (judged !== undefined && OUTCOMES[judged] === expected) return [];
        return [
          `${caller.host.host} to ${callee.host.host}:${number} is ${judged ?? 'not judged'}, rendered ${expected ?? ''}`,
        ];
      }),
    ),
  );
}

const cases = policyCases().filter(({ text }) => text.includes('kind: AccessPolicy'));

describe('who may call whom', () => {
  it.each(cases)('is judged in case $name as the rendered policies decide it', ({ files }) => {
    const { clusters, scenes } = renderFiles(files);
    const view = scenes[0]?.view;
    if (view === undefined) throw new Error('nothing was rendered');
    expect(disagreements(view, clusters)).toEqual([]);
  });
});
