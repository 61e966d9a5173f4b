import { prefixOf, type NameValue, type RouteRule } from '@isthmus/domain';

const record = (pairs: readonly NameValue[]): object =>
  Object.fromEntries(pairs.map(({ name, value }) => [name, value]));

function changes(headers: NonNullable<RouteRule['requestHeaders']>): object {
  const { set, add, remove } = headers;
  return {
    ...(set === undefined ? {} : { set: record(set) }),
    ...(add === undefined ? {} : { add: record(add) }),
    ...(remove === undefined ? {} : { remove }),
  };
}

/** The `headers` of a route. */
export function headersOf({ requestHeaders, responseHeaders }: RouteRule): { headers?: object } {
  if (requestHeaders === undefined && responseHeaders === undefined) return {};
  return {
    headers: {
      ...(requestHeaders === undefined ? {} : { request: changes(requestHeaders) }),
      ...(responseHeaders === undefined ? {} : { response: changes(responseHeaders) }),
    },
  };
}

/** A text as an expression that takes just this text. */
export const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** `/v2/x` with `/v2` for `/new` becomes `/new/x`, with `/v2` for `/` it becomes `/x`: no slash is lost or doubled. */
function prefixRewrite(matched: string, prefix: string): object {
  const [from, to] = [prefixOf(matched), prefixOf(prefix)];
  if (from === '') return { match: '^/', rewrite: `${to}/` };
  return to === '' ? { match: `^${escaped(from)}/?`, rewrite: '/' } : { match: `^${escaped(from)}`, rewrite: to };
}

/** The `rewrite` of a route whose matches have the path. */
export function rewriteOf({ rewrite }: RouteRule, matched: string | undefined): { rewrite?: object } {
  if (rewrite === undefined) return {};
  const { host, path, prefix } = rewrite;
  return {
    rewrite: {
      ...(host === undefined ? {} : { authority: host }),
      ...(path === undefined ? {} : { uriRegexRewrite: { match: '^/.*$', rewrite: path } }),
      ...(prefix === undefined ? {} : { uriRegexRewrite: prefixRewrite(matched ?? '/', prefix) }),
    },
  };
}

/** The `redirect` of a route. */
export function redirectOf({ scheme, host, port, path, status }: NonNullable<RouteRule['redirect']>): object {
  return {
    ...(scheme === undefined ? {} : { scheme }),
    ...(host === undefined ? {} : { authority: host }),
    ...(port === undefined ? {} : { port }),
    ...(path === undefined ? {} : { uri: path }),
    redirectCode: status,
  };
}
