import { durationText, type EncryptionMode, type FeatureOf } from '@isthmus/domain';
import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import type { ClientView } from './client-view.js';
import { FAILOVER_PRIORITY } from './locality.js';
import { ownedObject } from './owned-object.js';
import type { Scene } from './scene.js';

/**
 * Without outlier detection there is no failover at all. Gateway errors and failed connections count, errors of the
 * application (500) do not: one bad release must not eject a whole cluster's gateway. All endpoints may be ejected, else
 * a small pool keeps its dead pods.
 */
const OUTLIER_DETECTION = {
  consecutive5xxErrors: 0,
  consecutiveGatewayErrors: 3,
  interval: '1s',
  baseEjectionTime: '5s',
  maxEjectionPercent: 100,
} as const;

/** Written out because a mesh-wide default policy fills blocks that are left empty. */
function connectionPool({ connectMs = 2_000, idleMs }: Partial<FeatureOf<'timeout'>> = {}): object {
  const idle = idleMs === undefined ? {} : { idleTimeout: durationText(idleMs) };
  return {
    tcp: { connectTimeout: durationText(connectMs), ...idle },
    ...(idleMs === undefined ? {} : { http: idle }),
  };
}

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
        connectionPool: connectionPool(policies.feature('timeout')),
        loadBalancer: {
          simple: 'LEAST_REQUEST',
          localityLbSetting: { enabled: true, failoverPriority: FAILOVER_PRIORITY },
        },
        outlierDetection: OUTLIER_DETECTION,
      },
    },
  });
}
