import { byMatchPrecedence, isAnyPath, prefixOf } from '../../../intent/features/route-order.js';
import { matchFeature } from './route-match.js';
import type { RouteMatch } from '../../../intent/features/routes.js';
import type { PlacedRouteFinding } from './route-checks.js';
import type { RouteRuleSpec } from './routes.js';

interface PlacedMatch {
  rule: number;
  match: RouteMatch;
}

/** Matches of different keys never take the same path with the same weight, but for expressions, which nobody can compare. */
function pathKey({ path }: RouteMatch): string {
  if (path === undefined || isAnyPath({ path })) return 'ANY';
  if (path.type === 'REGEX') return 'REGEX';
  return `${path.type} ${path.type === 'PREFIX' ? prefixOf(path.value) : path.value}`;
}

type Values = NonNullable<RouteMatch['headers']>;

function contradict(a: Values = [], b: Values = []): boolean {
  return a.some((left) =>
    b.some(
      (right) =>
        left.name === right.name && left.type === 'EXACT' && right.type === 'EXACT' && left.value !== right.value,
    ),
  );
}

const areApart = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a !== undefined && b !== undefined && !a.some((one) => b.includes(one));

function areDisjoint(a: RouteMatch, b: RouteMatch): boolean {
  return (
    a.method !== b.method ||
    contradict(a.headers, b.headers) ||
    contradict(a.queryParams, b.queryParams) ||
    areApart(a.sourceNamespaces, b.sourceNamespaces) ||
    areApart(a.sourceClusters, b.sourceClusters)
  );
}

/** Rules of the same precedence that can take the same request: the first in the list wins, and the other is told. */
export function routeTies(rules: readonly RouteRuleSpec[]): PlacedRouteFinding[] {
  const groups = new Map<string, PlacedMatch[]>();
  for (const [rule, { matches = [{}] }] of rules.entries()) {
    for (const match of matches.map(matchFeature)) {
      const key = pathKey(match);
      groups.set(key, [...(groups.get(key) ?? []), { rule, match }]);
    }
  }
  const losers = new Map<number, number>();
  for (const group of groups.values()) {
    for (const [index, later] of group.entries()) {
      const ties = ({ rule, match }: PlacedMatch): boolean =>
        rule !== later.rule && byMatchPrecedence(match, later.match) === 0 && !areDisjoint(match, later.match);
      const earlier = group.slice(0, index).find(ties);
      if (earlier !== undefined && !losers.has(later.rule)) losers.set(later.rule, earlier.rule);
    }
  }
  return [...losers].map(([loser, winner]) => {
    const message = `rule ${rules[loser]?.name ?? ''} can take the same requests as rule ${rules[winner]?.name ?? ''} with the same precedence; the first in the list wins`;
    return [{ code: 'ISM0847', message }, ['rules', loser]];
  });
}
