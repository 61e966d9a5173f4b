import type { Feature } from '../../intent/features/features.js';
import type { RouteRule } from '../../intent/features/routes.js';
import { matchFeature } from '../../resources/policies/traffic/route-match.js';
import type { RouteRuleSpec, RoutesSpec } from '../../resources/policies/traffic/routes.js';
import { durationMs } from '../../resources/text/durations.js';
import { byCodeUnit } from '../../tree/canonical.js';
import { retryFeature } from './retry.js';

function headersFeature(headers: NonNullable<RouteRuleSpec['requestHeaders']>): RouteRule['requestHeaders'] {
  const pairs = (list: typeof headers.set) =>
    list?.map(({ name, value }) => ({ name: name.toLowerCase(), value })).sort((a, b) => byCodeUnit(a.name, b.name));
  return {
    set: pairs(headers.set),
    add: pairs(headers.add),
    remove: headers.remove && [...new Set(headers.remove.map((name) => name.toLowerCase()))].sort(byCodeUnit),
  };
}

const mirrorFeature = ({ percent = 100, ...there }: NonNullable<RouteRuleSpec['mirror']>): RouteRule['mirror'] => ({
  ...there,
  share: Math.round(percent * 100),
});

function ruleFeature(rule: RouteRuleSpec): RouteRule {
  const { requestHeaders, responseHeaders, redirect, mirror, backends, timeout, retry } = rule;
  return {
    name: rule.name,
    matches: rule.matches?.map(matchFeature),
    requestHeaders: requestHeaders && headersFeature(requestHeaders),
    responseHeaders: responseHeaders && headersFeature(responseHeaders),
    rewrite: rule.rewrite,
    redirect: redirect && { ...redirect, status: redirect.status ?? 302 },
    mirror: mirror && mirrorFeature(mirror),
    backends: backends?.map(({ weight = 100, ...there }) => ({ ...there, weight })),
    timeoutMs: timeout === undefined ? undefined : durationMs(timeout),
    retry: retry && retryFeature(retry),
  };
}

/** The routes of a TrafficPolicy as intent. */
export function routesFeature({ rules }: RoutesSpec): Feature {
  return { kind: 'routes', rules: rules.map(ruleFeature) };
}
