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

/** Another service is named as the policy names it, until it is known of which global namespace. */
const mirrorFeature = ({
  percent = 100,
  service,
  ...there
}: NonNullable<RouteRuleSpec['mirror']>): RouteRule['mirror'] => ({
  ...there,
  host: service,
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

/** The same feature with mirrors to hosts instead of services; `undefined` of `hostOf`: the service names no single host, and there is no mirror. */
export function withMirrorHosts(feature: Feature, hostOf: (service: string) => string | undefined): Feature {
  if (feature.kind !== 'routes') return feature;
  const rules = feature.rules.map(({ mirror, ...rule }): RouteRule => {
    if (mirror?.host === undefined) return { ...rule, mirror };
    const host = hostOf(mirror.host);
    return host === undefined ? rule : { ...rule, mirror: { ...mirror, host } };
  });
  return { ...feature, rules };
}
