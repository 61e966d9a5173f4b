import type { EncryptionMode } from '@isthmus/domain';
import type { ClientView } from './client-view.js';
import { connectionPool } from './connection-pool.js';
import { loadBalancer } from './load-balancer.js';
import { outlierDetection } from './outlier-detection.js';
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

/** How clients call a host, or one port of it: complete, because Istio merges nothing into the settings of a port. */
export function portTraffic({ hostScene: { scene, policies }, order }: ClientView, port?: number): object {
  return {
    ...clientTls(scene),
    connectionPool: connectionPool(policies, port),
    loadBalancer: loadBalancer(order, policies, port),
    outlierDetection: outlierDetection(policies, port),
  };
}

/** The `trafficPolicy` of a destination rule: of the host, and of each port for which policies say something else. */
export function clientTraffic(view: ClientView): object {
  const whole = portTraffic(view);
  const settings = view.ports
    .map(({ number }) => ({ port: { number }, ...portTraffic(view, number) }))
    .filter(({ port, ...own }) => port.number > 0 && JSON.stringify(own) !== JSON.stringify(whole));
  return { ...whole, ...(settings.length === 0 ? {} : { portLevelSettings: settings }) };
}
