import { formatPath, type PathStep } from '../issues/field-path.js';
import type { IssueCode } from '../issues/catalog.js';
import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { gatewayPlaces, isWithin } from '../lint/gateway-places.js';
import { named } from '../lint/host-patterns.js';
import { gatewayWithDefaults } from '../resources/defaults.js';
import { meetAtPods, publicPlaces, type PublicPlace } from './public-places.js';
import { ofKind, refOf, type World, type WorldCheck } from './world.js';

function placeIssue(
  code: IssueCode,
  { service, cluster }: PublicPlace,
  say: { steps: readonly PathStep[]; message: string; hint?: string },
): Issue {
  const { steps, message, hint } = say;
  const resource = refOf(service);
  return issue(code, { path: formatPath(['spec', ...steps]), message, resource, cluster, ...(hint && { hint }) });
}

const at = ({ namespace, cluster }: PublicPlace, port: number): string =>
  `port ${port} of the ingress gateway in ${namespace} of ${cluster}`;

/** Of places with one key, each with the first earlier one of another service at the same pods. */
function rivals<T extends { place: PublicPlace; key: string }>(
  world: World,
  all: readonly T[],
  isRival: (one: T, earlier: T) => boolean = () => true,
): { one: T; earlier: T }[] {
  const byKey = new Map<string, T[]>();
  return all.flatMap((one) => {
    const { cluster, selector, title } = one.place;
    const before = byKey.get(one.key) ?? [];
    byKey.set(one.key, [...before, one]);
    const earlier = before.find(
      (other) =>
        other.place.title !== title &&
        isRival(one, other) &&
        meetAtPods(world, cluster, [selector, other.place.selector]),
    );
    return earlier === undefined ? [] : [{ one, earlier }];
  });
}

/** A host on a port of a gateway belongs to one public service, whatever the global namespace. */
export const checkPublicHosts: WorldCheck = (world) => {
  const all = publicPlaces(world).flatMap((place) =>
    place.listeners.flatMap(({ port }) =>
      place.service.spec.hosts.map((host, index) => ({
        ...{ place, port, host, index },
        key: `${place.cluster} ${port} ${host}`,
      })),
    ),
  );
  return rivals(world, all).map(({ one, earlier }) => {
    const message = `host ${one.host} at ${at(one.place, one.port)} is published by PublicService ${earlier.place.title}, too`;
    return placeIssue('ISM0931', one.place, { steps: ['hosts', one.index], message });
  });
};

const isPlain = (protocol: string): boolean => protocol === 'HTTP';

/** A port is plain or TLS. */
export const checkPublicPorts: WorldCheck = (world) => {
  const all = publicPlaces(world).flatMap((place) =>
    place.listeners.map(({ port, protocol }) => ({ place, port, protocol, key: `${place.cluster} ${port}` })),
  );
  return rivals(world, all, (one, other) => isPlain(one.protocol) !== isPlain(other.protocol)).map(
    ({ one, earlier }) => {
      const message = `${at(one.place, one.port)} takes ${earlier.protocol} for PublicService ${earlier.place.title}, and ${one.protocol} for this one`;
      return placeIssue('ISM0932', one.place, { steps: [isPlain(one.protocol) ? 'http' : 'tls'], message });
    },
  );
};

/** Where other ingress gateways were seen, for whoever names none. */
function seenGateways({ inventories }: World, cluster: string): string | undefined {
  const seen = (inventories.get(cluster)?.namespaces ?? []).flatMap(({ name, workloads }) =>
    workloads
      .filter(({ labels }) => labels['istio']?.includes('ingress') === true)
      .map(({ labels }) => `namespace ${name} with {istio: ${labels['istio'] ?? ''}}`),
  );
  return seen.length === 0 ? undefined : `seen: ${named([...new Set(seen)].sort())}`;
}

function missingGateway(world: World, place: PublicPlace): Issue[] {
  const inventory = world.inventories.get(place.cluster);
  const home = inventory?.namespaces.find(({ name }) => name === place.namespace);
  if (inventory === undefined || home?.readable === false) return [];
  if ((home?.workloads ?? []).some(({ labels }) => isWithin(place.selector, labels))) return [];
  const message = `no workload of namespace ${place.namespace} in ${place.cluster} has the labels of the selector`;
  const hint = seenGateways(world, place.cluster);
  return [placeIssue('ISM0933', place, { steps: ['gateways', place.index], message, ...(hint && { hint }) })];
}

/** A global namespace is known only to clusters that take part in it. */
function stranger({ reach, index, cluster, ...place }: PublicPlace): Issue[] {
  if (reach.consumerClusters.some(({ metadata }) => metadata.name === cluster)) return [];
  const message = `cluster ${cluster} takes no part in the global namespace, so its gateways do not serve it`;
  const hint = `add {clusters: {names: [${cluster}]}, namespaces: {names: [${place.namespace}]}} to its consumers`;
  return [placeIssue('ISM0933', { ...place, reach, index, cluster }, { steps: ['gateways', index], message, hint })];
}

function besideEastWest(world: World, place: PublicPlace): Issue[] {
  const view = world.views.find(({ cluster }) => cluster.metadata.name === place.cluster);
  const declared = (world.clusters.get(place.cluster)?.spec.gateways ?? []).map(gatewayWithDefaults);
  const places = view === undefined ? declared : gatewayPlaces(view);
  if (!places.some(({ namespace }) => namespace === place.namespace)) return [];
  const message = `namespace ${place.namespace} in ${place.cluster} holds an east-west gateway`;
  return [placeIssue('ISM0934', place, { steps: ['gateways', place.index, 'namespace'], message })];
}

/** Gateways that are not there, or where they cannot be used. */
export const checkPublicGateways: WorldCheck = (world) => {
  const places = publicPlaces(world);
  const used = new Set(places.map(({ title, index }) => `${title} ${index}`));
  const unused = ofKind(world.resources, 'PublicService').flatMap((service) =>
    service.spec.gateways.flatMap((_, index) => {
      const title = refOf(service);
      if (world.clusters.size === 0 || used.has(`${title.project ?? ''}/${title.name} ${index}`)) return [];
      const path = formatPath(['spec', 'gateways', index, 'clusters']);
      return [issue('ISM0933', { path, message: 'no registered cluster is selected', resource: title })];
    }),
  );
  return [
    ...unused,
    ...places.flatMap((place) => {
      const first = [...stranger(place), ...besideEastWest(world, place)];
      return first.length > 0 ? first : missingGateway(world, place);
    }),
  ];
};

/** Each cluster's ExternalDNS owns its records: a host that several publish needs a record for each. */
export const checkPublicRecords: WorldCheck = (world) => {
  const clusters = new Map<string, { place: PublicPlace; names: Set<string> }>();
  for (const place of publicPlaces(world)) {
    const known = clusters.get(place.title) ?? { place, names: new Set() };
    known.names.add(place.cluster);
    clusters.set(place.title, known);
  }
  return [...clusters.values()].flatMap(({ place, names }): Issue[] => {
    const { dns } = place.service.spec;
    const weighted = new Set((dns?.weights ?? []).map(({ cluster }) => cluster));
    const resource = refOf(place.service);
    const strangers = [...weighted].filter((name) => !names.has(name)).sort();
    const without = [...names].filter((name) => !weighted.has(name)).sort();
    const path = 'spec.dns';
    if (strangers.length > 0) {
      const message = `weights name ${named(strangers)}, whose gateways do not serve it`;
      return [issue('ISM0936', { path: `${path}.weights`, message, resource })];
    }
    if (dns === undefined || without.length === 0 || names.size === 1) return [];
    const message = `${named([...names].sort())} each make records of the same hosts, and ${named(without)} without a weight`;
    return [issue('ISM0936', { path, message, resource })];
  });
};
