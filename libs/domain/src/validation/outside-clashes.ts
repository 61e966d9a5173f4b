import type { Issue } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { isWithin } from '../lint/gateway-places.js';
import { consumerNamespaces } from '../membership/members.js';
import { byCodeUnit, canonicalJson } from '../tree/canonical.js';
import { hasOutside, outsideMeanings, type OutsideMeaning } from './outside-meanings.js';
import { scopedName, type GnsReach, type World, type WorldCheck } from './world.js';

/** A global namespace with what it makes of hosts outside. */
interface Speaker {
  title: string;
  meanings: OutsideMeaning[];
  reach: GnsReach;
}

function speakersOf(world: World): Speaker[] {
  return world.reaches
    .filter(({ gns }) => hasOutside(world, gns))
    .map((reach) => ({ title: scopedName(reach.gns), meanings: outsideMeanings(world, reach.gns), reach }))
    .sort((a, b) => byCodeUnit(a.title, b.title));
}

type Places = Readonly<Record<OutsideMeaning['for'], readonly string[]>>;

/** `<cluster>/<namespace>` of callers, and of members among them. */
function placesOf({ views, groups }: World, { gns, members, callers }: GnsReach): Places {
  const holders = new Map<string, Set<string>>();
  for (const { cluster, namespace } of members)
    holders.set(cluster, (holders.get(cluster) ?? new Set()).add(namespace));
  const CONSUMERS = views.flatMap((view) => {
    const { name: cluster } = view.cluster.metadata;
    if (!callers.has(cluster)) return [];
    const context = { groups: [...groups], holders: holders.get(cluster) ?? new Set<string>() };
    return consumerNamespaces(gns, view, context).map((name) => `${cluster}/${name}`);
  });
  const MEMBERS = [...holders].flatMap(([cluster, names]) => [...names].map((name) => `${cluster}/${name}`));
  return { CONSUMERS, MEMBERS };
}

/** Where a meaning is written, each with what must be equal there: among callers all of it, beside a gateway the gateway. */
function written({ reach }: Speaker, places: Places, meaning: OutsideMeaning): [place: string, text: string][] {
  const { text, via, for: whose } = meaning;
  const own = places[whose].map((place): [string, string] => [place, text]);
  if (via === undefined) return own;
  const gateway = canonicalJson(via);
  return [
    ...own,
    ...[...reach.callers].map((cluster): [string, string] => [`the gateways of ${cluster}/${via.namespace}`, gateway]),
  ];
}

/** Hosts of which more than one thing is said: only these need a closer look. */
function contested(speakers: readonly Speaker[]): Set<string> {
  const texts = new Map<string, string>();
  const found = new Set<string>();
  for (const { host, text } of speakers.flatMap(({ meanings }) => meanings)) {
    if ((texts.get(host) ?? text) !== text) found.add(host);
    texts.set(host, text);
  }
  return found;
}

interface Holder {
  text: string;
  title: string;
}

interface Said {
  places: Places;
  meaning: OutsideMeaning;
}

const FEW = 3;

function clash({ policy, host }: OutsideMeaning, { title, places }: { title: string; places: string[] }): Issue {
  const more = places.length > FEW ? ` and ${places.length - FEW} more` : '';
  const message = `host ${host} means something else in GlobalNamespace ${title}, and both hold in ${places.slice(0, FEW).join(', ')}${more}`;
  return issue('ISM0925', { path: 'spec', message, resource: { ...policy } });
}

/** What a speaker says against those before it, by whom; its own word counts where nobody spoke before. */
function against(holders: Map<string, Holder>, speaker: Speaker, { places, meaning }: Said): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [place, text] of written(speaker, places, meaning)) {
    const key = `${place} ${meaning.host}`;
    const holder = holders.get(key);
    if (holder === undefined) holders.set(key, { text, title: speaker.title });
    else if (holder.text !== text) found.set(holder.title, [...(found.get(holder.title) ?? []), place]);
  }
  return found;
}

/** The first global namespace by name holds a place; what others say there otherwise is told. */
function clashes(world: World, speakers: readonly Speaker[]): Issue[] {
  const hosts = contested(speakers);
  const holders = new Map<string, Holder>();
  return speakers.flatMap((speaker) => {
    const wanted = speaker.meanings.filter(({ host }) => hosts.has(host));
    if (wanted.length === 0) return [];
    const places = placesOf(world, speaker.reach);
    return wanted.flatMap((meaning) =>
      [...against(holders, speaker, { places, meaning })].map(([title, where]) =>
        clash(meaning, { title, places: where.sort(byCodeUnit) }),
      ),
    );
  });
}

function gatewayFault(world: World, cluster: string, { policy, via }: OutsideMeaning): Issue | undefined {
  const inventory = world.inventories.get(cluster);
  if (via === undefined || inventory === undefined) return undefined;
  const namespace = inventory.namespaces.find(({ name }) => name === via.namespace);
  if (namespace?.readable === false) return undefined;
  const selector = Object.fromEntries(via.selector.map(({ name, value }) => [name, value]));
  if (namespace?.workloads.some(({ labels }) => isWithin(selector, labels)) === true) return undefined;
  const labels = via.selector.map(({ name, value }) => `${name}=${value}`).join(',');
  const lacking =
    namespace === undefined ? `no namespace ${via.namespace}` : `no workload with ${labels} in ${via.namespace}`;
  const message = `cluster ${cluster} has ${lacking}, so nothing gets out through its gateway`;
  return issue('ISM0926', { path: 'spec.via', message, resource: { ...policy }, cluster });
}

function gatewayFaults(world: World, speakers: readonly Speaker[]): Issue[] {
  const faults = speakers.flatMap(({ meanings, reach }) =>
    meanings.flatMap((meaning) => [...reach.callers].flatMap((cluster) => gatewayFault(world, cluster, meaning) ?? [])),
  );
  return [...new Map(faults.map((fault) => [JSON.stringify([fault.resource, fault.message]), fault])).values()];
}

/**
 * What two global namespaces say of one host outside in one namespace must be the same, and a cluster whose workloads are to call
 * through a gateway must have it. What is said twice in equal words does no harm.
 */
export const checkOutside: WorldCheck = (world) => {
  const speakers = speakersOf(world);
  return [...clashes(world, speakers), ...gatewayFaults(world, speakers)];
};
