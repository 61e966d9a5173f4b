import type { PortProtocol } from '@isthmus/domain';
import type { PolicyFeature } from '../../support.js';
import type { Shortfall } from './shortfall.js';

/** Protocols whose requests the proxy sees, so that it can time them and repeat them elsewhere. */
export const REQUEST_PROTOCOLS: ReadonlySet<PortProtocol> = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB']);

/** The protocols whose requests the proxy does not see. */
export function opaqueProtocols(protocols: readonly PortProtocol[]): PortProtocol[] {
  return [...new Set(protocols)].filter((protocol) => !REQUEST_PROTOCOLS.has(protocol));
}

/** What a feature of requests lacks on ports whose requests the proxy does not see. */
export function needsRequests(protocols: readonly PortProtocol[], fields: string[]): Shortfall | undefined {
  const opaque = opaqueProtocols(protocols);
  if (opaque.length === 0 || fields.length === 0) return undefined;
  const alternative = `Declare the port as HTTP, HTTP2 or GRPC: requests inside ${opaque.join(', ')} are not visible to the proxy.`;
  return {
    state: opaque.length === protocols.length ? 'unsupported' : 'partial',
    reason: 'WEAKER_SEMANTICS',
    fields,
    alternative,
  };
}

/** Timeouts of connections hold for every port, those of requests need requests. */
export function timeoutSupport({ protocols, requestMs }: PolicyFeature<'timeout'>): Shortfall | undefined {
  return needsRequests(protocols, requestMs === undefined ? [] : ['timeout.request']);
}

/** Retries need requests. */
export function retrySupport({ protocols }: PolicyFeature<'retry'>): Shortfall | undefined {
  return needsRequests(protocols, ['retry']);
}

/** Limits of connections hold for every port, those of requests need requests. */
export function poolSupport(feature: PolicyFeature<'connectionPool'>): Shortfall | undefined {
  const limits = ['maxPendingRequests', 'maxRequests', 'maxRetries', 'maxRequestsPerConnection'] as const;
  const given = limits.filter((limit) => feature[limit] !== undefined);
  return needsRequests(
    feature.protocols,
    given.map((limit) => `connectionPool.${limit}`),
  );
}

/** Connections that fail count for every port, answers only where they are seen. */
export function outlierSupport({
  protocols,
  consecutiveGatewayErrors,
  consecutive5xxErrors,
}: PolicyFeature<'outlierDetection'>): Shortfall | undefined {
  const counted = Object.entries({ consecutiveGatewayErrors, consecutive5xxErrors }).filter(
    ([, count = 0]) => count > 0,
  );
  return needsRequests(
    protocols,
    counted.map(([field]) => `outlierDetection.${field}`),
  );
}

/** A hash of something in requests needs requests; an address is known of every connection. */
export function balancingSupport({ protocols, hash }: PolicyFeature<'loadBalancing'>): Shortfall | undefined {
  return needsRequests(protocols, hash === undefined || 'sourceIP' in hash ? [] : ['loadBalancing.hash']);
}

/** Faults are made of requests. */
export function faultsSupport({ protocols }: PolicyFeature<'faults'>): Shortfall | undefined {
  return needsRequests(protocols, ['faults']);
}

/** CORS is a matter of requests. */
export function corsSupport({ protocols }: PolicyFeature<'cors'>): Shortfall | undefined {
  return needsRequests(protocols, ['cors']);
}

/** Routes are of requests. */
export function routesSupport({ protocols }: PolicyFeature<'routes'>): Shortfall | undefined {
  return needsRequests(protocols, ['routes']);
}
