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
