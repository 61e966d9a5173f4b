import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import { clientTraffic } from './client-traffic.js';
import type { ClientView } from './client-view.js';
import { ownedObject } from './owned-object.js';
import { subsetsOf } from './routes/subsets.js';

/** How clients call a host: encryption, local first, failover. */
export function destinationRule(view: ClientView): RenderedObject {
  const { scene, host } = view.hostScene;
  return ownedObject(scene, {
    side: 'client',
    kind: 'DestinationRule',
    namespace: view.namespace,
    name: objectName(host.host),
    host,
    spec: { host: host.host, exportTo: view.exportTo, trafficPolicy: clientTraffic(view), ...subsetsOf(view) },
  });
}
