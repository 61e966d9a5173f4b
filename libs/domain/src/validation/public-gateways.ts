import { formatPath } from '../issues/field-path.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import type { MeshConfigObject, MeshGatewayServer } from '../mesh-config/types.js';
import { meetAtPods, publicPlaces, type PublicPlace } from './public-places.js';
import type { World, WorldCheck } from './world.js';

interface UserGateway {
  namespace: string;
  object: MeshConfigObject;
}

function userGateways({ inventories }: World, cluster: string): UserGateway[] {
  return (inventories.get(cluster)?.namespaces ?? []).flatMap(({ name: namespace, meshConfig }) =>
    (meshConfig?.objects ?? [])
      .filter(({ kind }) => kind === 'Gateway')
      .map((object): UserGateway => ({ namespace, object })),
  );
}

/** Hosts of servers may begin with the namespace that may bind to them. */
const withoutNamespace = (host: string): string => host.slice(host.indexOf('/') + 1);

/** More specific hosts have the right of way, so only the same host clashes. */
function clash(server: MeshGatewayServer, { listeners, service }: PublicPlace): string | undefined {
  const here = listeners.find(({ port }) => port === server.port);
  if (here === undefined) return undefined;
  const isPlain = server.protocol === 'HTTP' || server.protocol === 'HTTP2' || server.protocol === 'GRPC';
  if (isPlain !== (here.protocol === 'HTTP')) return `${server.protocol || 'another protocol'} on port ${server.port}`;
  const hosts = (server.hosts ?? []).map(withoutNamespace);
  const same = service.spec.hosts.find((host) => hosts.includes(host));
  return same === undefined ? undefined : `${same} on port ${server.port}`;
}

function findings(world: World, place: PublicPlace, { namespace, object }: UserGateway): Issue[] {
  const { cluster, selector, title } = place;
  return (object.servers ?? []).flatMap((server, index): Issue[] => {
    const met = clash(server, place);
    if (met === undefined || !meetAtPods(world, cluster, [selector, object.selector])) return [];
    const resource = { kind: 'Gateway', name: `${namespace}/${object.name}` };
    const path = formatPath(['spec', 'servers', index]);
    const message = `Gateway ${resource.name} serves ${met} at the ingress gateway of PublicService ${title}, too`;
    return [issue('ISM0938', { path, message, resource, cluster, manifest: { cluster, ...resource, path } })];
  });
}

/** What users wrote for the pods of ingress gateways that public services use. */
export const checkForeignGateways: WorldCheck = (world) => {
  const places = publicPlaces(world);
  const byCluster = new Map(places.map(({ cluster }) => [cluster, userGateways(world, cluster)]));
  return places.flatMap((place) => (byCluster.get(place.cluster) ?? []).flatMap((one) => findings(world, place, one)));
};
