import { durationText, type FeatureOf, type HostPort, type PortProtocol } from '@isthmus/domain';

type RetryFeature = FeatureOf<'retry'>;
type Condition = NonNullable<RetryFeature['conditions']>[number];

const GRPC_PROTOCOLS: ReadonlySet<PortProtocol> = new Set(['GRPC', 'GRPC-WEB']);

/** Envoy's words for each condition. */
const RETRY_ON: Readonly<Record<Condition, string>> = {
  GATEWAY_ERROR: 'gateway-error',
  SERVER_ERROR: '5xx',
  CONNECT_FAILURE: 'connect-failure',
  REFUSED_STREAM: 'refused-stream',
  RESET: 'reset',
  RETRIABLE_4XX: 'retriable-4xx',
  GRPC_CANCELLED: 'cancelled',
  GRPC_DEADLINE_EXCEEDED: 'deadline-exceeded',
  GRPC_INTERNAL: 'internal',
  GRPC_RESOURCE_EXHAUSTED: 'resource-exhausted',
  GRPC_UNAVAILABLE: 'unavailable',
};

const LOSSLESS: readonly Condition[] = ['GATEWAY_ERROR', 'CONNECT_FAILURE', 'REFUSED_STREAM', 'RESET'];

/** A proxy answers a gRPC call that it cannot deliver with status UNAVAILABLE, not with an HTTP error. */
const LOSSLESS_GRPC: readonly Condition[] = [...LOSSLESS, 'GRPC_UNAVAILABLE'];

/** What holds without a policy: retries that make failover lossless. */
const DEFAULT_RETRY: RetryFeature = { kind: 'retry', attempts: 3 };

/** The `retries` of a route: always written, because Istio's own default would repeat otherwise. */
export function retriesOf({ protocol }: Pick<HostPort, 'protocol'>, retry: RetryFeature = DEFAULT_RETRY): object {
  if (retry.attempts === 0) return { attempts: 0 };
  const conditions = retry.conditions ?? (GRPC_PROTOCOLS.has(protocol) ? LOSSLESS_GRPC : LOSSLESS);
  const retryOn = [...conditions.map((one) => RETRY_ON[one]), ...(retry.statusCodes ?? [])].join(',');
  return {
    attempts: retry.attempts,
    ...(retry.perTryTimeoutMs === undefined ? {} : { perTryTimeout: durationText(retry.perTryTimeoutMs) }),
    retryOn,
    retryRemoteLocalities: true,
    backoff: durationText(retry.backoffMs ?? 25),
  };
}
