import type { HostPort, PortProtocol } from '@isthmus/domain';
import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import type { ClientView } from './client-view.js';
import { ownedObject } from './owned-object.js';

const RETRY_ON = 'gateway-error,connect-failure,refused-stream,reset';

/** A proxy answers a gRPC call that it cannot deliver with status UNAVAILABLE, not with an HTTP error. */
const RETRY_ON_GRPC = `${RETRY_ON},unavailable`;

/** When to retry on a port of this protocol; undefined: its requests are not visible to the proxy. */
const RETRIES: Record<PortProtocol, string | undefined> = {
  HTTP: RETRY_ON,
  HTTP2: RETRY_ON,
  GRPC: RETRY_ON_GRPC,
  'GRPC-WEB': RETRY_ON_GRPC,
  HTTPS: undefined,
  TLS: undefined,
  TCP: undefined,
  MONGO: undefined,
  MYSQL: undefined,
  REDIS: undefined,
};

function route(host: string, { number, protocol }: HostPort): object[] {
  const retryOn = RETRIES[protocol];
  if (retryOn === undefined) return [];
  return [
    {
      match: [{ port: number }],
      route: [{ destination: { host, port: { number } } }],
      retries: { attempts: 3, retryOn, retryRemoteLocalities: true, backoff: '25ms' },
    },
  ];
}

/**
 * Retries that make failover lossless: outlier detection alone loses requests until it ejects, and again each time an
 * ejection ends. One route per port, because a route without port would also take the others. None for TCP alone.
 */
export function virtualService(view: ClientView): RenderedObject[] {
  const { scene, host } = view.hostScene;
  const http = view.ports.flatMap((port) => route(host.host, port));
  if (http.length === 0) return [];
  return [
    ownedObject(scene, {
      side: 'client',
      kind: 'VirtualService',
      namespace: view.namespace,
      name: objectName(host.host),
      host,
      spec: { hosts: [host.host], exportTo: view.exportTo, http },
    }),
  ];
}
