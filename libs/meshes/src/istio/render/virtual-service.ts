import { durationText, type HostPort } from '@isthmus/domain';
import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import type { ClientView } from './client-view.js';
import { corsOf } from './cors.js';
import { faultOf } from './faults.js';
import type { HostScene } from './host-members.js';
import { ownedObject } from './owned-object.js';
import { REQUEST_PROTOCOLS } from '../support/requests.js';
import { retriesOf } from './retries.js';

function route({ host, policies }: HostScene, port: HostPort): object[] {
  const { number, protocol } = port;
  if (!REQUEST_PROTOCOLS.has(protocol)) return [];
  const timeout = policies.feature('timeout', number)?.requestMs;
  return [
    {
      match: [{ port: number }],
      route: [{ destination: { host: host.host, port: { number } } }],
      ...(timeout === undefined ? {} : { timeout: durationText(timeout) }),
      retries: retriesOf(port, policies.feature('retry', number)),
      ...faultOf(policies.feature('faults', number)),
      ...corsOf(policies.feature('cors', number)),
    },
  ];
}

/**
 * Retries that make failover lossless: outlier detection alone loses requests until it ejects, and again each time an
 * ejection ends. One route per port, because a route without port would also take the others. None for TCP alone.
 */
export function virtualService(view: ClientView): RenderedObject[] {
  const { scene, host } = view.hostScene;
  const http = view.ports.flatMap((port) => route(view.hostScene, port));
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
