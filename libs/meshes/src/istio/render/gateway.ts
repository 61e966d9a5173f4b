import { byCodeUnit, sha256Hex, type GatewayEntry } from '@isthmus/domain';
import { sortedJson } from '../../content-hash.js';
import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import { isPort } from './catalog-values.js';
import { labelsOf } from './labels-of.js';
import { ownedObject } from './owned-object.js';
import { isUsableGateway } from './reach.js';
import type { Scene } from './scene.js';

/** Pods that serve as east-west gateway, with the ports they listen on. */
export interface GatewayWorkload {
  namespace: string;
  selector: Record<string, string>;
  ports: number[];
}

const DEFAULT_SELECTOR = sortedJson({ istio: 'eastwestgateway' });

/** Ports of the gateways that were found with these labels; none found: the port that is dialled, as if nothing lies between. */
function listenPorts({ namespace, selector, port }: GatewayEntry, found: Scene['gateways']): number[] {
  const ports = found
    .filter((one) => one.namespace === namespace && selector.every(({ name, value }) => one.selector[name] === value))
    .map((one) => one.port)
    .filter(isPort);
  return ports.length === 0 ? [port] : ports;
}

/** Several addresses may lead to the same pods: one workload per namespace and selector, sorted. */
export function gatewayWorkloads({ self, gateways: found }: Pick<Scene, 'self' | 'gateways'>): GatewayWorkload[] {
  const grouped = new Map<string, GatewayEntry[]>();
  for (const gateway of (self.gateways ?? []).filter(isUsableGateway)) {
    const key = `${gateway.namespace}\n${sortedJson(labelsOf(gateway.selector))}`;
    grouped.set(key, [...(grouped.get(key) ?? []), gateway]);
  }
  return [...grouped]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .flatMap(([, gateways]) => {
      const [first] = gateways;
      if (first === undefined) return [];
      const ports = [...new Set(gateways.flatMap((gateway) => listenPorts(gateway, found)))].sort((a, b) => a - b);
      return [{ namespace: first.namespace, selector: labelsOf(first.selector), ports }];
    });
}

/** True if callers from other clusters come in through a gateway here: plaintext, which needs no other clusters, does not. */
export function opensGateway(scene: Scene): boolean {
  return scene.hasMembers && !(scene.mode === 'DISABLE' && !scene.remoteConsumers);
}

function roleOf(selector: Record<string, string>): string | undefined {
  const text = sortedJson(selector);
  return text === DEFAULT_SELECTOR ? undefined : sha256Hex(text).slice(0, 8);
}

function gatewayFor(scene: Scene, domain: string, { namespace, selector, ports }: GatewayWorkload): RenderedObject {
  return ownedObject(scene, {
    side: 'owner',
    kind: 'Gateway',
    namespace,
    name: objectName(domain, roleOf(selector)),
    spec: {
      selector,
      servers: ports.map((number) => ({
        port: { number, name: `tls-${number}`, protocol: 'TLS' },
        tls: { mode: 'AUTO_PASSTHROUGH' },
        hosts: [`*.${domain}`],
      })),
    },
  });
}

/**
 * One Gateway per gateway workload, for the domain of the global namespace only: `*.local` would open every service of
 * the cluster to all holders of the root. The gateway passes mutual TLS through; it never ends it. After a change of the domain
 * the Gateway of the earlier one stays until its hosts have drained.
 */
export function gateways(scene: Scene): RenderedObject[] {
  if (!opensGateway(scene)) return [];
  const domains = [scene.gns.domain, ...scene.leftDomains];
  return gatewayWorkloads(scene).flatMap((workload) => domains.map((domain) => gatewayFor(scene, domain, workload)));
}
