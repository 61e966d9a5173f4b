import { prefixOf, type FeatureOf, type PortProtocol, type RequestMatch } from '@isthmus/domain';
import type { Limits } from './rate-limits.js';
import { escaped } from './routes/route-filters.js';

const TYPES = 'type.googleapis.com/envoy.extensions.filters.http';

/** Which actions each filter reads: not stage 0, where limits of users are unless they say otherwise. */
const STAGE = { local: 8, global: 7 } as const;

const RULE = 'isthmus.rule';

/** Durations as protobuf writes them. */
const seconds = (milliseconds: number): string => `${milliseconds / 1000}s`;

const ALWAYS = { default_value: { numerator: 100, denominator: 'HUNDRED' } };

/** Of gRPC a client sees the status in the trailers. */
const grpcStatus = (protocol: PortProtocol): object =>
  protocol.startsWith('GRPC') ? { rate_limited_as_resource_exhausted: true } : {};

type Bucket = Pick<FeatureOf<'localRateLimit'>, 'requests' | 'intervalMs' | 'burst'>;

const bucketOf = ({ requests, intervalMs, burst }: Bucket): object => ({
  max_tokens: burst,
  tokens_per_fill: requests,
  fill_interval: seconds(intervalMs),
});

/** The filter that counts in the proxy itself. */
export function localFilter(limit: FeatureOf<'localRateLimit'>, protocol: PortProtocol): object {
  const descriptors = (limit.rules ?? []).map(({ name, ...bucket }) => ({
    entries: [{ key: RULE, value: name }],
    token_bucket: bucketOf(bucket),
  }));
  return {
    name: 'isthmus.local_rate_limit',
    typed_config: {
      '@type': `${TYPES}.local_ratelimit.v3.LocalRateLimit`,
      stat_prefix: 'isthmus_local_rate_limit',
      stage: STAGE.local,
      token_bucket: bucketOf(limit),
      filter_enabled: ALWAYS,
      filter_enforced: ALWAYS,
      enable_x_ratelimit_headers: 'DRAFT_VERSION_03',
      ...grpcStatus(protocol),
      ...(descriptors.length === 0 ? {} : { descriptors }),
    },
  };
}

/** The filter that asks a service, by the cluster that Istio makes of its host. */
export function globalFilter(limit: FeatureOf<'globalRateLimit'>, protocol: PortProtocol): object {
  const { host, port, domain, timeoutMs, failureMode } = limit;
  return {
    name: 'isthmus.global_rate_limit',
    typed_config: {
      '@type': `${TYPES}.ratelimit.v3.RateLimit`,
      stat_prefix: 'isthmus',
      stage: STAGE.global,
      domain,
      timeout: seconds(timeoutMs),
      failure_mode_deny: failureMode === 'CLOSED',
      enable_x_ratelimit_headers: 'DRAFT_VERSION_03',
      ...grpcStatus(protocol),
      rate_limit_service: {
        transport_api_version: 'V3',
        grpc_service: { envoy_grpc: { cluster_name: `outbound|${port}||${host}`, authority: host } },
      },
    },
  };
}

/** The path of a request with whatever query, as one expression. */
function pathExpression({ type, value }: NonNullable<RequestMatch['path']>): string {
  const query = String.raw`(\?.*)?`;
  if (type === 'REGEX') return `(?:${value})${query}`;
  return type === 'EXACT' ? `${escaped(value)}${query}` : `${escaped(prefixOf(value))}(/.*|${query})`;
}

const exactly = (text: string): object => ({ string_match: { exact: text } });
const matching = (expression: string): object => ({ string_match: { safe_regex: { regex: expression } } });

/** Requests that a match takes, by their headers: method and path are two of them. */
function headersOf({ path, method, headers = [] }: RequestMatch): object[] {
  return [
    ...(path === undefined ? [] : [{ name: ':path', ...matching(pathExpression(path)) }]),
    ...(method === undefined ? [] : [{ name: ':method', ...exactly(method) }]),
    ...headers.map(({ name, type, value }) => ({ name, ...(type === 'REGEX' ? matching(value) : exactly(value)) })),
  ];
}

function valueMatch(key: string, value: string, match: RequestMatch): object {
  return {
    header_value_match: { descriptor_key: key, descriptor_value: value, expect_match: true, headers: headersOf(match) },
  };
}

type Entry = FeatureOf<'globalRateLimit'>['descriptors'][number][number];

function actionOf({ key, value = '', match, header }: Entry): object {
  if (header !== undefined) return { request_headers: { descriptor_key: key, header_name: header } };
  if (match !== undefined) return valueMatch(key, value, match);
  return { generic_key: { descriptor_key: key, descriptor_value: value } };
}

/** What the filters ask of each request, as `rate_limits` of a virtual host. */
export function rateLimitActions({ local, global }: Limits): object[] {
  return [
    ...(global?.descriptors ?? []).map((entries) => ({ stage: STAGE.global, actions: entries.map(actionOf) })),
    ...(local?.rules ?? []).map(({ name, match }) => ({
      stage: STAGE.local,
      actions: [valueMatch(RULE, name, match)],
    })),
  ];
}
