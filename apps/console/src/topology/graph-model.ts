import type { TopologySearch } from '../search-params.js';
import type { ShownEdge, ShownGroup, ShownService, ShownTopology } from './topology-document.js';

export type Grouping = NonNullable<TopologySearch['group']>;

interface Spot {
  /** Unique in the graph: a service stands in each box that it belongs to. */
  id: string;
  /** Of the service or group, as the API names it. */
  of: string;
}

/** What stands in a box. */
export type GraphNode = Spot &
  (
    | { kind: 'service'; service: ShownService; instances: ShownService['instances'] }
    | { kind: 'services'; group: ShownGroup }
    | { kind: 'gateway'; addresses: number }
  );

/** A cluster, namespace or version with what stands in it. */
export interface GraphBox {
  id: string;
  /** Empty: no version is known, or the rest of too many. */
  name: string;
  nodes: GraphNode[];
}

/** A line between boxes or nodes, by their ids in the graph. */
export interface GraphLine {
  id: string;
  from: string;
  to: string;
  call?: ShownEdge;
  /** The same holds the other way round. */
  isMutual?: boolean;
}

export interface Graph {
  boxes: GraphBox[];
  /** Ways between clusters; they decide where boxes stand. */
  paths: GraphLine[];
}

type Instance = ShownService['instances'][number];

const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** The boxes that an instance belongs to. */
const OF_INSTANCE: Readonly<Record<Grouping, (instance: Instance) => string[]>> = {
  cluster: ({ cluster }) => [cluster],
  namespace: ({ namespace }) => [namespace],
  version: ({ versions }) => (versions.length === 0 ? [''] : versions),
};

const boxId = (key: string): string => `box/${key}`;
const gatewayId = (cluster: string): string => `gateway/${cluster}`;
const spotId = (box: string, of: string): string => `${box}|${of}`;

/** More lines than these between clusters are told in the table only. */
const MOST_PATHS = 60;

/** Services in the boxes that they belong to, with gateways between clusters. */
export function graphOf(topology: ShownTopology, grouping: Grouping): Graph {
  const boxes = new Map<string, GraphBox>();
  const add = (key: string, kept: (box: string) => GraphNode): void => {
    const id = boxId(key);
    const box = boxes.get(id) ?? { id, name: key, nodes: [] };
    box.nodes.push(kept(id));
    boxes.set(id, box);
  };
  const isByCluster = grouping === 'cluster';
  const gateways = topology.clusters.filter((cluster) => isByCluster && (cluster.gateways ?? []).length > 0);
  for (const { name, gateways: found } of gateways)
    add(name, () => ({ kind: 'gateway', id: gatewayId(name), of: gatewayId(name), addresses: found?.length ?? 0 }));
  for (const service of topology.services)
    for (const key of unique(service.instances.flatMap(OF_INSTANCE[grouping])))
      add(key, (box) => ({
        ...{ kind: 'service', id: spotId(box, service.id), of: service.id, service },
        instances: service.instances.filter((one) => OF_INSTANCE[grouping](one).includes(key)),
      }));
  for (const group of topology.groups)
    add(group.name ?? '', (box) => ({ kind: 'services', id: spotId(box, group.id), of: group.id, group }));
  const sorted = [...boxes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { boxes: sorted, paths: isByCluster ? pathsOf(topology, boxes) : [] };
}

function pathsOf({ paths }: ShownTopology, boxes: ReadonlyMap<string, GraphBox>): GraphLine[] {
  const lines = paths.flatMap(({ to, from, gateways }) =>
    from
      .filter((name) => gateways > 0 && boxes.has(boxId(name)) && boxes.has(boxId(to)))
      .map((name) => ({ id: `path/${name}/${to}`, from: boxId(name), to: entranceOf(boxes.get(boxId(to)), to) })),
  );
  return lines.length > MOST_PATHS ? [] : lines;
}

/** The gateway of a cluster where the viewer may know it, else the cluster. */
function entranceOf(box: GraphBox | undefined, cluster: string): string {
  return box?.nodes.some(({ kind }) => kind === 'gateway') ? gatewayId(cluster) : boxId(cluster);
}

/** Calls of the selected service: one line for each other and verdict, within a box where both stand in one. */
export function callsOf({ boxes }: Graph, edges: readonly ShownEdge[], selected: string): GraphLine[] {
  const spots = new Map<string, string[]>();
  for (const { nodes } of boxes) for (const { id, of } of nodes) spots.set(of, [...(spots.get(of) ?? []), id]);
  const lines = new Map<string, GraphLine>();
  for (const call of edges) {
    const line = lineOf(call, selected, spots);
    const known = line && lines.get(line.id);
    if (line !== undefined) lines.set(line.id, known === undefined ? line : { ...known, isMutual: true });
  }
  return [...lines.values()];
}

function lineOf(call: ShownEdge, selected: string, spots: ReadonlyMap<string, readonly string[]>) {
  const isOut = call.from === selected;
  const other = isOut ? call.to : call.from;
  const ends = nearest(spots.get(selected) ?? [], spots.get(other) ?? []);
  if (ends === undefined) return undefined;
  const [mine, theirs] = ends;
  const id = ['call', other, call.verdict, call.rehearsal, ...call.ports].join('/');
  return { id, call, from: isOut ? mine : theirs, to: isOut ? theirs : mine };
}

const boxOf = (spot: string): string => spot.slice(0, spot.lastIndexOf('|'));

/** A spot of each of two, in one box if there is such. */
function nearest(mine: readonly string[], theirs: readonly string[]): [string, string] | undefined {
  for (const spot of theirs) {
    const near = mine.find((id) => boxOf(id) === boxOf(spot));
    if (near !== undefined) return [near, spot];
  }
  const [first, second] = [mine[0], theirs[0]];
  return first === undefined || second === undefined ? undefined : [first, second];
}
