import type { Feature, FeatureOf } from '../../intent/features/features.js';
import type { TrafficPolicySpec } from '../../resources/policies/traffic-policy.js';
import type {
  ConnectionPoolSpec,
  LoadBalancingSpec,
  OutlierDetectionSpec,
} from '../../resources/policies/traffic/connections.js';
import type { CorsSpec } from '../../resources/policies/traffic/cors.js';
import type { FaultsSpec } from '../../resources/policies/traffic/faults.js';
import { globalRateLimitFeature, localRateLimitFeature } from './rate-limits.js';
import { routesFeature } from './routes.js';
import { retryFeature } from './retry.js';
import { durationMs } from '../../resources/text/durations.js';
import { instantMs } from '../../resources/text/instants.js';
import { byCodeUnit } from '../../tree/canonical.js';

const ms = (text: string | undefined): number | undefined => (text === undefined ? undefined : durationMs(text));

/** Of durations that the schema has checked. */
const checkedMs = (text: string): number => durationMs(text) ?? 0;

const basisPoints = (percent = 100): number => Math.round(percent * 100);

const setOf = <T extends string>(values: readonly T[] | undefined): T[] | undefined =>
  values === undefined || values.length === 0 ? undefined : [...new Set(values)].sort(byCodeUnit);

function timeoutFeature({ request, idle, connect }: NonNullable<TrafficPolicySpec['timeout']>): Feature {
  return { kind: 'timeout', requestMs: ms(request), idleMs: ms(idle), connectMs: ms(connect) };
}

function poolFeature({ keepalive, ...limits }: ConnectionPoolSpec): Feature {
  const probes = keepalive && {
    timeMs: ms(keepalive.time),
    intervalMs: ms(keepalive.interval),
    probes: keepalive.probes,
  };
  return { kind: 'connectionPool', ...limits, keepalive: probes };
}

function outlierFeature({ interval, baseEjectionTime, ...counts }: OutlierDetectionSpec): Feature {
  return { kind: 'outlierDetection', ...counts, intervalMs: ms(interval), baseEjectionTimeMs: ms(baseEjectionTime) };
}

type HashFeature = NonNullable<FeatureOf<'loadBalancing'>['hash']>;

function hashFeature({ header, cookie, query }: NonNullable<LoadBalancingSpec['hash']>): HashFeature {
  if (header !== undefined) return { header: header.toLowerCase() };
  if (cookie !== undefined) return { cookie: { name: cookie.name, ttlMs: ms(cookie.ttl), path: cookie.path } };
  return query === undefined ? { sourceIP: true } : { query };
}

function balancingFeature({ algorithm, hash, warmup }: LoadBalancingSpec): Feature {
  return { kind: 'loadBalancing', algorithm, hash: hash && hashFeature(hash), warmupMs: ms(warmup) };
}

function faultsFeature({ delay, abort, expiresAt }: FaultsSpec): Feature {
  return {
    kind: 'faults',
    expiresAtMs: expiresAt === undefined ? undefined : instantMs(expiresAt),
    delay: delay && { durationMs: checkedMs(delay.duration), share: basisPoints(delay.percent) },
    abort: abort && {
      httpStatus: abort.httpStatus,
      grpcStatus: abort.grpcStatus,
      share: basisPoints(abort.percent),
    },
  };
}

function corsFeature(spec: CorsSpec): Feature {
  const origins = spec.allowOrigins.map(({ exact, prefix, regex }) => {
    if (exact !== undefined) return { type: 'EXACT' as const, value: exact };
    if (prefix !== undefined) return { type: 'PREFIX' as const, value: prefix };
    return { type: 'REGEX' as const, value: regex ?? '' };
  });
  const distinct = new Map(origins.map((origin) => [`${origin.type} ${origin.value}`, origin]));
  return {
    kind: 'cors',
    allowOrigins: [...distinct].sort(([a], [b]) => byCodeUnit(a, b)).map(([, origin]) => origin),
    allowMethods: setOf(spec.allowMethods),
    allowHeaders: setOf(spec.allowHeaders),
    exposeHeaders: setOf(spec.exposeHeaders),
    maxAgeMs: ms(spec.maxAge),
    ...(spec.allowCredentials === true ? { allowCredentials: true } : {}),
  };
}

const lowered = <T>(block: T | undefined, lower: (block: T) => Feature): Feature[] =>
  block === undefined ? [] : [lower(block)];

/** The features that a TrafficPolicy asks for, one a block. */
export function trafficFeatures(spec: TrafficPolicySpec): Feature[] {
  return [
    ...lowered(spec.timeout, timeoutFeature),
    ...lowered(spec.retry, retryFeature),
    ...lowered(spec.connectionPool, poolFeature),
    ...lowered(spec.outlierDetection, outlierFeature),
    ...lowered(spec.loadBalancing, balancingFeature),
    ...lowered(spec.faults, faultsFeature),
    ...lowered(spec.cors, corsFeature),
    ...lowered(spec.routes, routesFeature),
    ...lowered(spec.localRateLimit, localRateLimitFeature),
    ...lowered(spec.globalRateLimit, globalRateLimitFeature),
  ];
}
