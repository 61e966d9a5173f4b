import { API_GROUP } from '@isthmus/domain';
import { portTraffic } from '../client-traffic.js';
import type { ClientView } from '../client-view.js';
import type { RemoteMember } from '../host-members.js';
import { labelsOf } from '../labels-of.js';
import {
  gatewaySni,
  namedDestinations,
  remotesOf,
  requestPorts,
  subsetName,
  versionLabel,
  versionsOf,
  type Destination,
} from './destinations.js';

const CLUSTER_LABEL = `${API_GROUP}/cluster`;

/** Labels by which a subset finds pods here or gateways of other clusters. Pods carry no name of a cluster, so theirs are those of the service. */
function subsetLabels({ hostScene: { scene, callable } }: ClientView, { version, cluster }: Destination): object {
  const ofVersion = version === undefined ? {} : { [versionLabel(callable)]: version };
  if (cluster === undefined) return ofVersion;
  const isHere = cluster === scene.self.name && callable !== undefined;
  return { ...(isHere ? labelsOf(callable.selector) : { [CLUSTER_LABEL]: cluster }), ...ofVersion };
}

/**
 * The settings of a subset that reaches other clusters: the name in the connection says the version, and a cluster by itself
 * needs none, so owners have no subsets. Istio merges nothing into the settings of a port.
 */
function remoteTraffic(view: ClientView, destination: Destination): { trafficPolicy?: object } {
  const { host } = view.hostScene;
  const remotes = remotesOf(view.hostScene, destination);
  if (remotes.length === 0) return {};
  const settings = requestPorts(view.ports).map(({ number }) => ({
    port: { number },
    ...portTraffic(view, number),
    tls: { mode: 'ISTIO_MUTUAL', sni: gatewaySni(host.host, destination, number) },
  }));
  return { trafficPolicy: { portLevelSettings: settings } };
}

/** The `subsets` of a destination rule: what routes name. */
export function subsetsOf(view: ClientView): { subsets?: object[] } {
  const destinations = namedDestinations(view.hostScene);
  if (destinations.length === 0) return {};
  return {
    subsets: destinations.map((destination) => ({
      name: subsetName(destination),
      labels: subsetLabels(view, destination),
      ...remoteTraffic(view, destination),
    })),
  };
}

/**
 * Labels of the endpoints of a gateway, one set each: an endpoint has one version, so the gateway of a cluster with several stands
 * there once for each that routes name. A version that a cluster does not have attracts nothing there.
 */
export function gatewayLabels({ hostScene }: ClientView, { member }: RemoteMember): Record<string, string>[] {
  const destinations = namedDestinations(hostScene);
  const named = new Set(destinations.map(({ version }) => version));
  const ofCluster: Record<string, string> = destinations.some(({ cluster }) => cluster === member.cluster)
    ? { [CLUSTER_LABEL]: member.cluster }
    : {};
  const versions = versionsOf(member).filter((version) => named.has(version));
  if (versions.length === 0) return [ofCluster];
  const label = versionLabel(hostScene.callable);
  return versions.map((version) => ({ ...ofCluster, [label]: version }));
}
