import type { AuthorizationRule, CallersOfRule, OperationOfRule, UserRule } from '@isthmus/domain';
import { usersOf, workloadsOf, type Asking } from './callers.js';

/** A port of the member here. `seen`: the proxy sees its requests. */
export interface AccessPort {
  number: number;
  targetPort: number;
  seen: boolean;
}

/** A source of Istio: given fields are ANDed. */
export interface IstioSource {
  principals?: string[];
  notPrincipals?: string[];
  notRequestPrincipals?: string[];
}

export interface IstioCondition {
  key: string;
  values?: string[];
  notValues?: string[];
}

/** A rule of an AuthorizationPolicy. */
export interface IstioRule {
  from?: { source: IstioSource }[];
  to?: { operation: { ports?: string[]; methods?: string[]; paths?: string[] } }[];
  when?: IstioCondition[];
}

/** Callers as Istio distinguishes them: sources are ORed, none means everyone; conditions are ANDed. */
interface CallerSet {
  sources: IstioSource[] | 'EVERYONE';
  when: IstioCondition[];
  /** The same callers without what only a request shows. */
  workloads: IstioSource[] | 'EVERYONE';
}

const NO_IDENTITY = { notPrincipals: ['*'] };
const NO_TOKEN = { notRequestPrincipals: ['*'] };

/** The key of a claim in conditions. */
export function claimKey(path: readonly string[]): string {
  return `request.auth.claims${path.map((step) => `[${step}]`).join('')}`;
}

function conditionsOf({ issuer, subjects, claims = [] }: UserRule): IstioCondition[] {
  return [
    { key: claimKey(['iss']), values: [issuer] },
    ...(subjects === undefined ? [] : [{ key: claimKey(['sub']), values: subjects }]),
    ...claims.map(({ path, values }) => ({ key: claimKey(path), values })),
  ];
}

/** Who refuses by identity must refuse also who shows none: plaintext could come from the very workload that is meant. */
function sourcesOf(callers: CallersOfRule, asking: Asking): IstioSource[] | 'EVERYONE' {
  const workloads = workloadsOf(callers, asking);
  if (workloads === 'EVERYONE') return 'EVERYONE';
  if (workloads.length === 0) return [];
  if (asking.action === 'ALLOW') return [{ principals: workloads }];
  asking.notes.tell('ISM0891', asking.block, 'a DENY rule names workloads, so plaintext is refused as well');
  return [{ principals: workloads }, NO_IDENTITY];
}

function userSets(callers: CallersOfRule, asking: Asking): CallerSet[] {
  const workloads = sourcesOf(callers, asking);
  const sets = usersOf(callers, asking).flatMap((user): CallerSet[] => {
    if (user !== 'UNKNOWN') return [{ sources: workloads, when: conditionsOf(user), workloads }];
    return asking.action === 'ALLOW' ? [] : [{ sources: workloads, when: [], workloads }];
  });
  if (asking.action === 'ALLOW') return sets;
  asking.notes.tell(
    'ISM0891',
    asking.block,
    'a DENY rule names users, so requests without a token are refused as well',
  );
  const bare = workloads === 'EVERYONE' ? [{}] : workloads;
  return [...sets, { sources: bare.map((source) => ({ ...source, ...NO_TOKEN })), when: [], workloads }];
}

function callerSets(from: readonly CallersOfRule[], asking: Asking): CallerSet[] {
  const plain = from.filter(({ userGroups }) => userGroups === undefined).map((callers) => sourcesOf(callers, asking));
  const users = from.filter(({ userGroups }) => userGroups !== undefined).flatMap((one) => userSets(one, asking));
  if (plain.includes('EVERYONE')) return [{ sources: 'EVERYONE', when: [], workloads: 'EVERYONE' }, ...users];
  const sources = merged(plain.flatMap((one) => (one === 'EVERYONE' ? [] : one)));
  return [{ sources, when: [], workloads: sources }, ...users];
}

/** One source of all identities, and the others once. */
function merged(sources: readonly IstioSource[]): IstioSource[] {
  const principals = [...new Set(sources.flatMap((source) => source.principals ?? []))].sort();
  const others = sources.some((source) => source.notPrincipals !== undefined) ? [NO_IDENTITY] : [];
  return [...(principals.length === 0 ? [] : [{ principals }]), ...others];
}

function ruleOf(
  callers: Pick<CallerSet, 'sources' | 'when'>,
  operation: OperationOfRule,
  ports: readonly AccessPort[],
) {
  const { methods, paths, headers = [] } = operation;
  const numbers = [...new Set(ports.map(({ targetPort }) => targetPort))].sort((a, b) => a - b).map(String);
  const when = [...callers.when, ...headers.map(({ name, values }) => ({ key: `request.headers[${name}]`, values }))];
  const rule: IstioRule = {
    ...(callers.sources === 'EVERYONE' ? {} : { from: callers.sources.map((source) => ({ source })) }),
    to: [{ operation: { ports: numbers, ...(methods && { methods }), ...(paths && { paths }) } }],
    ...(when.length === 0 ? {} : { when }),
  };
  return rule;
}

function needsRequest({ sources, when }: CallerSet, { methods, paths, headers }: OperationOfRule): boolean {
  const isToken = sources !== 'EVERYONE' && sources.some((source) => source.notRequestPrincipals !== undefined);
  return [methods, paths, headers].some((field) => field !== undefined) || when.length > 0 || isToken;
}

/** Where requests are not seen, what is refused for some requests is refused for all, and nothing is admitted. */
function rulesFor(
  callers: CallerSet,
  { operation, ports }: { operation: OperationOfRule; ports: readonly AccessPort[] },
  { action, notes, block }: Asking,
): IstioRule[] {
  if (callers.sources !== 'EVERYONE' && callers.sources.length === 0) return [];
  if (!needsRequest(callers, operation)) return [ruleOf(callers, operation, ports)];
  const [seen, opaque] = [ports.filter((port) => port.seen), ports.filter((port) => !port.seen)];
  if (opaque.length > 0)
    notes.tell('ISM0888', block, `a rule about requests reaches port ${opaque.map(({ number }) => number).join(', ')}`);
  return [
    ...(seen.length === 0 ? [] : [ruleOf(callers, operation, seen)]),
    ...(opaque.length === 0 || action === 'ALLOW'
      ? []
      : [ruleOf({ sources: callers.workloads, when: [] }, {}, opaque)]),
  ];
}

/** What a rule of a policy comes to on these ports; nothing if it names nobody, or none of the ports. */
export function istioRules({ from, to }: AuthorizationRule, ports: readonly AccessPort[], asking: Asking): IstioRule[] {
  const reached = (to ?? [{}]).map((operation: OperationOfRule) => ({
    operation,
    ports: ports.filter(({ number }) => operation.ports?.includes(number) ?? true),
  }));
  const places = reached.filter((place) => place.ports.length > 0);
  if (places.length > 0)
    return callerSets(from, asking).flatMap((callers) => places.flatMap((place) => rulesFor(callers, place, asking)));
  const { scope } = asking.block;
  if (scope === 'SERVICE' || scope === 'PORT')
    asking.notes.tell(
      'ISM0895',
      asking.block,
      `a rule names none of port ${ports.map(({ number }) => number).join(', ')}`,
    );
  return [];
}
