import { isOfMachinesAlone, type HostPort, type MemberEntry } from '@isthmus/domain';
import { objectName } from '../../object-name.js';
import type { RenderedObject } from '../../renderer.js';
import { gatewayWorkloads, opensGateway } from './gateway.js';
import type { HostScene } from './host-members.js';
import { machineEndpoints } from './machines.js';
import { ownedObject } from './owned-object.js';
import { portsAmong, servicePort } from './service-ports.js';
import { TLS_MODE_LABEL } from './tls-mode.js';

/** Container ports by port name: the name of a headless service resolves to pods, which no service port translates for. */
function podPorts(member: MemberEntry, ports: readonly HostPort[]): Record<string, number> {
  const target = new Map(member.ports.map(({ number, targetPort }) => [number, targetPort]));
  return Object.fromEntries(ports.map(({ number, name }) => [name, target.get(number) ?? number]));
}

/**
 * What the east-west gateway sees of a host, and nobody else: the local service only, so a request from another cluster
 * is never sent out again. The endpoint carries the mark of mutual TLS, because an AUTO_PASSTHROUGH gateway drops
 * endpoints without one.
 */
export function ownerServiceEntries(hostScene: HostScene): RenderedObject[] {
  const { scene, host, local } = hostScene;
  if (local === undefined || !opensGateway(scene)) return [];
  const ports = portsAmong(
    host,
    local.ports.map(({ number }) => number),
  );
  if (ports.length === 0) return [];
  const targets = podPorts(local, ports);
  const pods = {
    address: `${local.service}.${local.namespace}.svc.${scene.self.clusterDomain}`,
    ...(local.headless === true ? { ports: targets } : {}),
    labels: { ...TLS_MODE_LABEL },
  };
  const endpoints = [...(isOfMachinesAlone(local.selector) ? [] : [pods]), ...machineEndpoints(hostScene, targets)];
  if (endpoints.length === 0) return [];
  const namespaces = new Set(gatewayWorkloads(scene).map(({ namespace }) => namespace));
  return [...namespaces].map((namespace) =>
    ownedObject(scene, {
      side: 'owner',
      kind: 'ServiceEntry',
      namespace,
      name: objectName(host.host, 'owner'),
      host,
      spec: {
        hosts: [host.host],
        exportTo: ['.'],
        addresses: [host.vip],
        location: 'MESH_INTERNAL',
        resolution: 'DNS',
        ports: ports.map(servicePort),
        endpoints,
      },
    }),
  );
}
