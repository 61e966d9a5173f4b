import { durationText, type FeatureOf, type HostPolicies } from '@isthmus/domain';
import type { FailoverOrder } from './failover-order.js';

type Hash = NonNullable<FeatureOf<'loadBalancing'>['hash']>;

function consistentHash(hash: Hash): object {
  if ('header' in hash) return { httpHeaderName: hash.header };
  if ('query' in hash) return { httpQueryParameterName: hash.query };
  if ('sourceIP' in hash) return { useSourceIp: true };
  const { name, ttlMs, path } = hash.cookie;
  const own = path === undefined ? {} : { path };
  return { httpCookie: { name, ...own, ttl: durationText(ttlMs ?? 0) } };
}

/** The `loadBalancer` of a destination rule, of a host or one port of it. */
export function loadBalancer({ localityLbSetting }: FailoverOrder, policies: HostPolicies, port?: number): object {
  const { algorithm = 'LEAST_REQUEST', hash, warmupMs } = policies.feature('loadBalancing', port) ?? {};
  return {
    ...(hash === undefined ? { simple: algorithm } : { consistentHash: consistentHash(hash) }),
    ...(warmupMs === undefined ? {} : { warmup: { duration: durationText(warmupMs) } }),
    localityLbSetting,
  };
}
