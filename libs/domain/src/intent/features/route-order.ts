import type { RouteMatch } from './routes.js';

const PATH_RANK = { EXACT: 3, PREFIX: 2, REGEX: 1 } as const;

/** A prefix without slash at its end; the prefix of every path is empty. */
export function prefixOf(path: string): string {
  return path.replace(/\/+$/, '');
}

/** True if the match says nothing of the path. */
export function isAnyPath({ path }: Pick<RouteMatch, 'path'>): boolean {
  return path === undefined || (path.type === 'PREFIX' && prefixOf(path.value) === '');
}

/**
 * What a match weighs, the heaviest first: exact path, longest prefix, regex; then method, number of headers, number of query
 * parameters (Gateway API), at last whether it names callers.
 */
export function weightOf(match: RouteMatch): number[] {
  const { path, method, headers = [], queryParams = [] } = match;
  const rank = path === undefined || isAnyPath(match) ? 0 : PATH_RANK[path.type];
  const length = path?.type === 'PREFIX' ? prefixOf(path.value).length : 0;
  const callers = Number(match.sourceNamespaces !== undefined) + Number(match.sourceClusters !== undefined);
  return [rank, length, Number(method !== undefined), headers.length, queryParams.length, callers];
}

/** Negative if the first match is tried first. */
export function byMatchPrecedence(a: RouteMatch, b: RouteMatch): number {
  const [left, right] = [weightOf(a), weightOf(b)];
  const index = left.findIndex((weight, at) => weight !== right[at]);
  return index < 0 ? 0 : (right[index] ?? 0) - (left[index] ?? 0);
}
