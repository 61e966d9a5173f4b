import * as z from 'zod';
import { connectionPoolFeature, loadBalancingFeature, outlierDetectionFeature } from './connections.js';
import { corsFeature } from './cors.js';
import { egressFeature } from './egress.js';
import { faultsFeature } from './faults.js';
import { cordonFeature, failoverFeature } from './failover.js';
import { authorizationFeature } from './authorization.js';
import { requestAuthenticationFeature } from './request-authentication.js';
import { retryFeature } from './retry.js';
import { accessLogsFeature, metricsFeature, tracingFeature } from './telemetry.js';
import { globalRateLimitFeature, localRateLimitFeature } from './rate-limits.js';
import { routesFeature } from './routes.js';
import { timeoutFeature } from './timeout.js';

/** Every feature by its kind: total, so that a new one cannot be forgotten anywhere. */
export const FEATURE_SCHEMAS = {
  timeout: timeoutFeature,
  retry: retryFeature,
  connectionPool: connectionPoolFeature,
  outlierDetection: outlierDetectionFeature,
  loadBalancing: loadBalancingFeature,
  faults: faultsFeature,
  cors: corsFeature,
  egress: egressFeature,
  accessLogs: accessLogsFeature,
  tracing: tracingFeature,
  metrics: metricsFeature,
  failover: failoverFeature,
  cordon: cordonFeature,
  routes: routesFeature,
  localRateLimit: localRateLimitFeature,
  globalRateLimit: globalRateLimitFeature,
  authorization: authorizationFeature,
  requestAuthentication: requestAuthenticationFeature,
} as const;

/** A mesh-neutral piece of intent; numbers are integers in base units (ms, basis points), so that every mesh rounds alike. */
export type Feature = {
  [K in keyof typeof FEATURE_SCHEMAS]: z.output<(typeof FEATURE_SCHEMAS)[K]>;
}[keyof typeof FEATURE_SCHEMAS];
export type FeatureKind = Feature['kind'];
export type FeatureOf<K extends FeatureKind> = Extract<Feature, { kind: K }>;

/**
 * ATOMIC: of several blocks for one target the one of the most specific scope wins whole, lists never concatenate (GEP-713
 * "atomic defaults"; an enforced block is an "atomic override"). UNION: all hold together.
 */
export const FEATURE_MERGE: Readonly<Record<FeatureKind, 'ATOMIC' | 'UNION'>> = {
  timeout: 'ATOMIC',
  retry: 'ATOMIC',
  connectionPool: 'ATOMIC',
  outlierDetection: 'ATOMIC',
  loadBalancing: 'ATOMIC',
  faults: 'ATOMIC',
  cors: 'ATOMIC',
  egress: 'ATOMIC',
  accessLogs: 'ATOMIC',
  tracing: 'ATOMIC',
  metrics: 'ATOMIC',
  failover: 'ATOMIC',
  cordon: 'UNION',
  routes: 'ATOMIC',
  localRateLimit: 'ATOMIC',
  globalRateLimit: 'ATOMIC',
  authorization: 'UNION',
  requestAuthentication: 'ATOMIC',
};

/** Who enforces a feature: the owner's side goes before the client's. */
export const FEATURE_SIDE: Readonly<Record<FeatureKind, 'client' | 'server' | 'both'>> = {
  timeout: 'client',
  retry: 'client',
  connectionPool: 'client',
  outlierDetection: 'client',
  loadBalancing: 'client',
  faults: 'client',
  cors: 'client',
  egress: 'client',
  accessLogs: 'server',
  tracing: 'server',
  metrics: 'server',
  failover: 'client',
  cordon: 'client',
  routes: 'both',
  localRateLimit: 'server',
  globalRateLimit: 'server',
  authorization: 'server',
  requestAuthentication: 'server',
};

/** Every kind of feature, in the order in which they are shown. */
export const FEATURE_KINDS = Object.keys(FEATURE_SCHEMAS) as FeatureKind[];

/** Schema of any feature. */
export const featureSchema = z.discriminatedUnion('kind', [
  FEATURE_SCHEMAS.timeout,
  FEATURE_SCHEMAS.retry,
  FEATURE_SCHEMAS.connectionPool,
  FEATURE_SCHEMAS.outlierDetection,
  FEATURE_SCHEMAS.loadBalancing,
  FEATURE_SCHEMAS.faults,
  FEATURE_SCHEMAS.cors,
  FEATURE_SCHEMAS.egress,
  FEATURE_SCHEMAS.accessLogs,
  FEATURE_SCHEMAS.tracing,
  FEATURE_SCHEMAS.metrics,
  FEATURE_SCHEMAS.failover,
  FEATURE_SCHEMAS.cordon,
  FEATURE_SCHEMAS.routes,
  FEATURE_SCHEMAS.localRateLimit,
  FEATURE_SCHEMAS.globalRateLimit,
  FEATURE_SCHEMAS.authorization,
  FEATURE_SCHEMAS.requestAuthentication,
]);
