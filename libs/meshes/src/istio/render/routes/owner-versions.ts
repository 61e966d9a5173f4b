import { byCodeUnit } from '@isthmus/domain';
import { objectName } from '../../../object-name.js';
import type { RenderedObject } from '../../../renderer.js';
import { gatewayWorkloads, opensGateway } from '../gateway.js';
import type { HostScene } from '../host-members.js';
import { labelsOf } from '../labels-of.js';
import { ownedObject } from '../owned-object.js';
import { portsAmong, servicePort } from '../service-ports.js';
import { namedDestinations, requestPorts, subsetName, versionHost, versionLabel, versionsOf } from './destinations.js';

/**
 * What the east-west gateway sees of one version of a host that routes name: the pods of that version, under a name of its own. It
 * lives beside the pods, because a selector sees its own namespace only, and is exported to gateways alone. It goes to the
 * cluster before any route of the same cluster names the version.
 */
export function ownerVersions(hostScene: HostScene): RenderedObject[] {
  const { scene, host, local } = hostScene;
  if (local === undefined || !opensGateway(scene)) return [];
  const named = new Set(namedDestinations(hostScene).map(({ version }) => version));
  const target = new Map(local.ports.map(({ number, targetPort }) => [number, targetPort]));
  const ports = requestPorts(portsAmong(host, target.keys()));
  if (ports.length === 0) return [];
  const gateways = [...new Set(gatewayWorkloads(scene).map(({ namespace }) => namespace))].sort(byCodeUnit);
  return versionsOf(local)
    .filter((version) => named.has(version))
    .map((version) =>
      ownedObject(scene, {
        side: 'owner',
        kind: 'ServiceEntry',
        namespace: local.namespace,
        name: objectName(host.host, subsetName({ version })),
        host,
        spec: {
          hosts: [versionHost(host.host, version)],
          exportTo: gateways,
          addresses: [host.vip],
          location: 'MESH_INTERNAL',
          resolution: 'STATIC',
          ports: ports.map((port) => ({ ...servicePort(port), targetPort: target.get(port.number) ?? port.number })),
          workloadSelector: { labels: { ...labelsOf(local.selector), [versionLabel(local)]: version } },
        },
      }),
    );
}
