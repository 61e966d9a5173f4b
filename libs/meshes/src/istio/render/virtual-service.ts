import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import type { ClientView } from './client-view.js';
import { ownedObject } from './owned-object.js';
import { requestPorts } from './routes/destinations.js';
import { httpRoutes } from './routes/http-routes.js';

/**
 * Retries that make failover lossless: outlier detection alone loses requests until it ejects, and again each time an
 * ejection ends. And what policies say of requests. None for TCP alone.
 */
export function virtualService(view: ClientView): RenderedObject[] {
  const { scene, host } = view.hostScene;
  const http = requestPorts(view.ports).flatMap((port) => httpRoutes(view.hostScene, port));
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
