import type { PublicRoute } from './public.js';
import { prefixOf } from './features/route-order.js';
import type { RouteMatch, RouteRule } from './features/routes.js';

type PathMatch = NonNullable<RouteMatch['path']>;
type Rewrite = RouteRule['rewrite'];

/** What the gateway compares and what it sends, for one path match of a rule behind a path of a public service. */
interface Composed {
  path?: PathMatch;
  rewrite: Rewrite;
}

/** Who sends the requests: the gateway. */
export interface PublicCaller {
  namespace: string;
  cluster: string;
}

/** Rules for the gateway, and names of those that cannot be written for it. */
export interface RulesBehind {
  rules: RouteRule[];
  lost: string[];
}

const isUnder = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);

/** From the public prefix `outer` to the prefix `inner` that the service sees; equal without a rewrite. */
interface Prefixes {
  outer: string;
  inner: string;
}

function asPath(path: string): string {
  return path === '' ? '/' : path;
}

const without = (rewrite: Rewrite): Rewrite => (rewrite?.host === undefined ? undefined : { host: rewrite.host });

/** The rewrite for requests under `from`, which the service sees under `to`; undefined if they are the same. */
function moved(rewrite: Rewrite, { from, to }: { from: string; to: string }): Rewrite {
  return from === to ? without(rewrite) : { ...without(rewrite), prefix: asPath(to) };
}

/** What the rule makes of paths of which the first part, `seen`, stays as the service sees it behind what the rule matched. */
function rewritten(rewrite: Rewrite, at: { from: string; seen: string; matched: string }): Rewrite {
  if (rewrite?.path !== undefined) return rewrite;
  const { from, seen, matched } = at;
  if (rewrite?.prefix === undefined) return moved(rewrite, { from, to: seen });
  return moved(rewrite, { from, to: `${prefixOf(rewrite.prefix)}${seen.slice(matched.length)}` });
}

/** A single path of those below a prefix of the gateway. */
function singleBehind({ outer, inner }: Prefixes, path: PathMatch, rewrite: Rewrite): Composed[] {
  if (!isUnder(path.value, inner)) return [];
  const from = `${outer}${path.value.slice(inner.length)}`;
  // Both /x and /x/ become / where /x stands for /.
  const froms = inner === '' && outer !== '' && path.value === '/' ? [outer, from] : [from];
  return froms.flatMap((one) => behindExact(one, path.value, { path, rewrite }));
}

/** A prefix of those below, or above, a prefix of the gateway. */
function prefixBehind({ outer, inner }: Prefixes, wanted: string, rewrite: Rewrite): Composed[] {
  const under = (from: string): { path?: PathMatch } => (from === '' ? {} : { path: { type: 'PREFIX', value: from } });
  if (isUnder(inner, wanted)) {
    const whole = { ...under(outer), rewrite: rewritten(rewrite, { from: outer, seen: inner, matched: wanted }) };
    // Where /x stands for /, the service sees a slash that the gateway does not.
    const isRoot = inner === '' && outer !== '' && prefixOf(rewrite?.prefix ?? '') !== '';
    return [...(isRoot ? behindExact(outer, '/', { path: undefined, rewrite }) : []), whole];
  }
  if (!isUnder(wanted, inner)) return [];
  const from = `${outer}${wanted.slice(inner.length)}`;
  return [{ ...under(from), rewrite: rewritten(rewrite, { from, seen: wanted, matched: wanted }) }];
}

function behindPrefix(prefixes: Prefixes, path: PathMatch | undefined, rewrite: Rewrite): Composed[] | 'LOST' {
  if (path?.type === 'EXACT') return singleBehind(prefixes, path, rewrite);
  if (path?.type !== 'REGEX') return prefixBehind(prefixes, prefixOf(path?.value ?? ''), rewrite);
  return prefixes.outer === '' && prefixes.inner === '' ? [{ path, rewrite }] : 'LOST';
}

function isTaken(path: PathMatch | undefined, seen: string): boolean {
  if (path === undefined) return true;
  return path.type === 'EXACT' ? path.value === seen : isUnder(seen, prefixOf(path.value));
}

/** Behind a single path of the gateway, `seen` by the service. */
function behindExact(
  outer: string,
  seen: string,
  { path, rewrite }: { path: PathMatch | undefined; rewrite: Rewrite },
): Composed[] {
  if (!isTaken(path, seen)) return [];
  const only = { path: { type: 'EXACT' as const, value: outer } };
  if (rewrite?.path !== undefined) return [{ ...only, rewrite }];
  const matched = path === undefined ? '' : prefixOf(path.value);
  const sent =
    rewrite?.prefix === undefined ? seen : asPath(`${prefixOf(rewrite.prefix)}${seen.slice(matched.length)}`);
  return [{ ...only, rewrite: sent === outer ? without(rewrite) : { ...without(rewrite), path: sent } }];
}

function composed({ path: outer, rewrite: to }: PublicRoute, match: RouteMatch, rewrite: Rewrite): Composed[] | 'LOST' {
  if (outer?.type === 'EXACT') {
    // Agents have no engine for RE2, and what proxies compare by must not be judged by another one.
    if (match.path?.type === 'REGEX') return 'LOST';
    return behindExact(outer.value, to ?? outer.value, { path: match.path, rewrite });
  }
  const prefix = outer === undefined ? '' : prefixOf(outer.value);
  return behindPrefix({ outer: prefix, inner: to === undefined ? prefix : prefixOf(to) }, match.path, rewrite);
}

const isFrom = (callers: readonly string[] | undefined, caller: string): boolean => callers?.includes(caller) ?? true;

/**
 * The rules of a service for requests that reach it through one path of a public service: rules compare the path as the service
 * would see it, so each is written for the path that the gateway sees, with one rewrite for both. The gateway is the caller.
 * At the end stands a rule for the rest.
 */
export function rulesBehind(route: PublicRoute, rules: readonly RouteRule[], caller: PublicCaller): RulesBehind {
  const lost = new Set<string>();
  const rest: RouteRule = { name: 'public', matches: [{}] };
  const found = [...rules, rest].flatMap((rule) =>
    (rule.matches ?? [{}]).flatMap(({ sourceNamespaces, sourceClusters, path: _path, ...match }, index) => {
      if (!isFrom(sourceNamespaces, caller.namespace) || !isFrom(sourceClusters, caller.cluster)) return [];
      const all = composed(route, (rule.matches ?? [{}])[index] ?? {}, rule.rewrite);
      if (all === 'LOST') lost.add(rule.name);
      return all === 'LOST' ? [] : all.map((one) => ruleOf(rule, match, one));
    }),
  );
  return { rules: found, lost: [...lost] };
}

function ruleOf({ rewrite: _rewrite, ...rule }: RouteRule, match: RouteMatch, { path, rewrite }: Composed): RouteRule {
  return {
    ...rule,
    matches: [path === undefined ? match : { ...match, path }],
    ...(rewrite === undefined ? {} : { rewrite }),
  };
}
