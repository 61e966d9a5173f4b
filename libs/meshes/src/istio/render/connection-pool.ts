import { durationText, type FeatureOf, type HostPolicies } from '@isthmus/domain';

const seconds = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : durationText(ms));

/** Without fields that say nothing. */
function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Undefined if there is nothing in it. */
function filled(fields: Record<string, unknown>): Record<string, unknown> | undefined {
  const all = given(fields);
  return Object.keys(all).length === 0 ? undefined : all;
}

function tcpKeepalive(pool: FeatureOf<'connectionPool'>): object | undefined {
  const { timeMs, intervalMs, probes } = pool.keepalive ?? {};
  return filled({ time: seconds(timeMs), interval: seconds(intervalMs), probes });
}

/**
 * The `connectionPool` of a destination rule, of a host or one port of it: always written, because a mesh-wide default policy
 * fills blocks that are left empty.
 */
export function connectionPool(policies: HostPolicies, port?: number): object {
  const { connectMs = 2_000, idleMs } = policies.feature('timeout', port) ?? {};
  const pool = policies.feature('connectionPool', port) ?? { kind: 'connectionPool' };
  const idleTimeout = seconds(idleMs);
  const tcp = {
    connectTimeout: durationText(connectMs),
    idleTimeout,
    maxConnections: pool.maxConnections,
    tcpKeepalive: tcpKeepalive(pool),
  };
  const http = filled({
    idleTimeout,
    http1MaxPendingRequests: pool.maxPendingRequests,
    http2MaxRequests: pool.maxRequests,
    maxRetries: pool.maxRetries,
    maxRequestsPerConnection: pool.maxRequestsPerConnection,
  });
  return given({ tcp: given(tcp), http });
}
