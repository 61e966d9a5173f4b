import type { EncryptionMode } from '@isthmus/domain';
import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import type { ClientView } from './client-view.js';
import { connectionPool } from './connection-pool.js';
import { loadBalancer } from './load-balancer.js';
import { outlierDetection } from './outlier-detection.js';
import { ownedObject } from './owned-object.js';
import type { Scene } from './scene.js';

/** PERMISSIVE, and the absence of a policy, leave it to Istio, which encrypts towards every endpoint that is marked; STRICT insists. */
function clientTls({ mode, remoteConsumers }: Scene): { tls?: { mode: string } } {
  const byMode: Record<EncryptionMode, { tls?: { mode: string } }> = {
    STRICT: { tls: { mode: 'ISTIO_MUTUAL' } },
    PERMISSIVE: {},
    DISABLE: remoteConsumers ? {} : { tls: { mode: 'DISABLE' } },
  };
  return mode === undefined ? {} : byMode[mode];
}

/** How clients call a host: encryption, local first, failover. */
export function destinationRule(view: ClientView): RenderedObject {
  const { scene, host, policies } = view.hostScene;
  return ownedObject(scene, {
    side: 'client',
    kind: 'DestinationRule',
    namespace: view.namespace,
    name: objectName(host.host),
    host,
    spec: {
      host: host.host,
      exportTo: view.exportTo,
      trafficPolicy: {
        ...clientTls(scene),
        connectionPool: connectionPool(policies),
        loadBalancer: loadBalancer(),
        outlierDetection: outlierDetection(),
      },
    },
  });
}
