import { isAnyPath, prefixOf, type RouteMatch } from '@isthmus/domain';

type Values = NonNullable<RouteMatch['headers']>;

const matchesOf = (values: Values): object =>
  Object.fromEntries(
    values.map(({ name, type, value }) => [name, type === 'REGEX' ? { regex: value } : { exact: value }]),
  );

/** A prefix takes whole segments, Istio's takes letters: so it is written as the path itself and what lies below it. */
function uris(match: RouteMatch): { uri?: object }[] {
  const { path } = match;
  if (path === undefined || isAnyPath(match)) return [{}];
  if (path.type === 'EXACT') return [{ uri: { exact: path.value } }];
  if (path.type === 'REGEX') return [{ uri: { regex: path.value } }];
  const prefix = prefixOf(path.value);
  return [{ uri: { exact: prefix } }, { uri: { prefix: `${prefix}/` } }];
}

/** The `match` of a route: one for each path and each namespace of callers. Without a port: of a gateway, whose ports are others. */
export function requestMatches(match: RouteMatch, port?: number): object[] {
  const { method, headers, queryParams, sourceNamespaces } = match;
  const callers = sourceNamespaces?.map((sourceNamespace) => ({ sourceNamespace })) ?? [{}];
  return uris(match).flatMap((uri) =>
    callers.map((caller) => ({
      ...(port === undefined ? {} : { port }),
      ...uri,
      ...(method === undefined ? {} : { method: { exact: method } }),
      ...(headers === undefined ? {} : { headers: matchesOf(headers) }),
      ...(queryParams === undefined ? {} : { queryParams: matchesOf(queryParams) }),
      ...caller,
    })),
  );
}
