import { API_GROUP, byCodeUnit, type KubeObject } from '@isthmus/domain';
import type { NamedParts } from '../../named-parts.js';
import { isItem, specItems, textsOf, withSpecItems, type Item } from './spec-items.js';

const VERSION_LABELS = ['version', 'app.kubernetes.io/version'];
/** Labels by which subsets find the gateways of other clusters. */
const SUBSET_LABELS = [`${API_GROUP}/cluster`, ...VERSION_LABELS];

type Label = readonly [name: string, value: string];

const textOf = ([name, value]: Label): string => `${name}=${value}`;
const isVersion = ([name]: Label): boolean => VERSION_LABELS.includes(name);

function subsetLabels(item: Item): Label[] {
  const labels = textsOf(item, 'labels');
  return SUBSET_LABELS.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]] as const]));
}

/** Where an endpoint is dialled; a gateway stands at one place as often as there are versions of it that routes name. */
function placeOf({ address, ports }: Item): string {
  const [port] = isItem(ports) ? Object.values(ports) : [];
  return `${String(address)} ${String(port)}`;
}

function byPlace(entry: KubeObject): Map<string, Item[]> {
  const places = new Map<string, Item[]>();
  for (const endpoint of specItems(entry, 'endpoints')) {
    const place = placeOf(endpoint);
    places.set(place, [...(places.get(place) ?? []), endpoint]);
  }
  return places;
}

function labelsByPlace(entry: KubeObject): Map<string, Map<string, Label>> {
  return new Map(
    [...byPlace(entry)].map(([place, endpoints]) => [
      place,
      new Map(endpoints.flatMap(subsetLabels).map((label) => [textOf(label), label])),
    ]),
  );
}

/** Labels that stand at a place which is still wanted, and are not wanted there any more. */
function lostLabels(standing: KubeObject, wanted: KubeObject): Map<string, Label[]> {
  const stood = labelsByPlace(standing);
  const lost = new Map<string, Label[]>();
  for (const [place, labels] of labelsByPlace(wanted)) {
    const gone = [...(stood.get(place) ?? [])].filter(([text]) => !labels.has(text)).map(([, label]) => label);
    if (gone.length > 0) lost.set(place, gone);
  }
  return lost;
}

/** What wanted subsets select by. A label of these that a place lost is gone for another reason than routes: nothing answers there. */
function selectedBy(beside: readonly KubeObject[]): Set<string> {
  const rules = beside.filter(({ kind }) => kind === 'DestinationRule');
  return new Set(rules.flatMap((rule) => specItems(rule, 'subsets')).flatMap((item) => subsetLabels(item).map(textOf)));
}

function labelled(endpoint: Item, labels: readonly Label[]): Item {
  return { ...endpoint, labels: { ...textsOf(endpoint, 'labels'), ...Object.fromEntries(labels) } };
}

function withoutVersion(endpoint: Item): Item {
  const labels = Object.entries(textsOf(endpoint, 'labels')).filter((label) => !isVersion(label));
  return { ...endpoint, labels: Object.fromEntries(labels) };
}

/** The endpoints of one place with more labels, as if routes named these: every endpoint has the cluster, and each version has one. */
function widened(endpoints: readonly Item[], kept: readonly Label[]): Item[] {
  const all = endpoints.map((endpoint) =>
    labelled(
      endpoint,
      kept.filter((label) => !isVersion(label)),
    ),
  );
  const versions = kept.filter(isVersion).sort((a, b) => byCodeUnit(textOf(a), textOf(b)));
  const [first] = all;
  if (first === undefined || versions.length === 0) return all;
  const more = versions.map((version) => labelled(withoutVersion(first), [version]));
  return subsetLabels(first).some(isVersion) ? [...all, ...more] : more;
}

/** Subsets select endpoints of other clusters by labels: those of a service entry, place by place. */
export const endpointParts: NamedParts = {
  lost(standing, wanted, beside) {
    const selected = selectedBy(beside);
    const lost = [...lostLabels(standing, wanted).values()].flat().map(textOf);
    return [...new Set(lost)].filter((text) => !selected.has(text)).sort(byCodeUnit);
  },
  keep(standing, wanted, parts) {
    const lost = lostLabels(standing, wanted);
    const endpoints = [...byPlace(wanted)].flatMap(([place, group]) =>
      widened(
        group,
        (lost.get(place) ?? []).filter((label) => parts.has(textOf(label))),
      ),
    );
    return withSpecItems(wanted, 'endpoints', endpoints);
  },
};
