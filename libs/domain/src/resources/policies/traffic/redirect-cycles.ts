import { byMatchPrecedence } from '../../../intent/features/route-order.js';
import type { RouteMatch } from '../../../intent/features/routes.js';
import type { PlacedRouteFinding } from './route-checks.js';
import { matchFeature } from './route-match.js';
import type { RouteRuleSpec } from './routes.js';
import { pathTaker, type TakesPath } from './taken-paths.js';

interface Node {
  rule: number;
  match: RouteMatch;
  takesPath: TakesPath;
}

/** A request that the match surely takes, but for expressions. */
const sampleOf = ({ path }: RouteMatch): string | undefined =>
  path?.type === 'REGEX' ? undefined : (path?.value ?? '/');

/** True if the redirect leaves host, scheme and port as they are, so that its address is judged by the same rules. */
function staysHere({ redirect }: RouteRuleSpec): boolean {
  return redirect !== undefined && [redirect.scheme, redirect.host, redirect.port].every((part) => part === undefined);
}

type Conditions = Pick<RouteMatch, 'method' | 'headers' | 'queryParams' | 'sourceNamespaces' | 'sourceClusters'>;

/** True if whatever fulfils the first fulfils the second. */
function implies(first: Conditions, second: Conditions): boolean {
  const holds = (a: readonly object[] = [], b: readonly object[] = []) =>
    b.every((wanted) => a.some((given) => JSON.stringify(given) === JSON.stringify(wanted)));
  const within = (a: readonly string[] | undefined, b: readonly string[] | undefined) =>
    b === undefined || (a?.every((one) => b.includes(one)) ?? false);
  return (
    (second.method === undefined || second.method === first.method) &&
    holds(first.headers, second.headers) &&
    holds(first.queryParams, second.queryParams) &&
    within(first.sourceNamespaces, second.sourceNamespaces) &&
    within(first.sourceClusters, second.sourceClusters)
  );
}

/** Follows what a client that obeys would do; true if it comes to a rule twice. */
function runsInCircle(start: Node, nodes: readonly Node[], rules: readonly RouteRuleSpec[]): boolean {
  const seen = new Set<number>();
  let at: Node | undefined = start;
  let request = sampleOf(start.match);
  while (at !== undefined && request !== undefined) {
    const rule: RouteRuleSpec | undefined = rules[at.rule];
    if (rule === undefined || !staysHere(rule)) return false;
    if (seen.has(at.rule)) return true;
    seen.add(at.rule);
    const next: string = rule.redirect?.path ?? request;
    request = next;
    at = nodes.find(({ match, takesPath }) => implies(start.match, match) && takesPath(next));
  }
  return false;
}

/** Redirects whose address is redirected again until it comes back: no client ever gets an answer. */
export function redirectCycles(rules: readonly RouteRuleSpec[]): PlacedRouteFinding[] {
  const nodes = rules
    .flatMap(({ matches = [{}] }, rule) =>
      matches.map(matchFeature).map((match) => ({ rule, match, takesPath: pathTaker(match) })),
    )
    .sort((a, b) => byMatchPrecedence(a.match, b.match));
  const lost = new Set(nodes.filter((node) => runsInCircle(node, nodes, rules)).map(({ rule }) => rule));
  return [...lost]
    .sort((a, b) => a - b)
    .map((rule) => {
      const message = `rule ${rules[rule]?.name ?? ''} redirects to an address that is redirected until it comes back`;
      return [{ code: 'ISM0844', message }, ['rules', rule, 'redirect']];
    });
}
