import ElkClient, { type ELK, type ElkNode } from 'elkjs/lib/elk-api.js';
import ElkWorker from 'elkjs/lib/elk-worker.min.js?worker';
import type { Graph, GraphNode } from './graph-model.js';

/** Where something stands and how large it is, in pixels; nodes relative to their box. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Places by the ids of boxes and nodes. */
export type Places = ReadonlyMap<string, Place>;

const SIZES: Readonly<Record<GraphNode['kind'], { width: number; height: number }>> = {
  service: { width: 200, height: 64 },
  services: { width: 200, height: 84 },
  gateway: { width: 200, height: 44 },
};
/** Room for the name of a box above its nodes. */
const PADDING = '[top=48,left=16,bottom=16,right=16]';

let elk: ELK | undefined;

/** Finds places away from the page's own thread, which stays free for the reader. */
export async function layOut({ boxes, paths }: Graph, isNarrow: boolean): Promise<Places> {
  elk ??= new ElkClient({ workerFactory: () => new ElkWorker() });
  const gatewayBox = new Map(boxes.flatMap(({ id, nodes }) => nodes.map((node) => [node.id, id] as const)));
  const root: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': isNarrow ? 'DOWN' : 'RIGHT',
      'elk.spacing.nodeNode': '48',
    },
    children: boxes.map(({ id, nodes }) => ({
      id,
      layoutOptions: {
        'elk.algorithm': 'rectpacking',
        'elk.padding': PADDING,
        'elk.aspectRatio': isNarrow ? '0.1' : '1.4',
      },
      children: nodes.map(({ id: node, kind }) => ({ id: node, ...SIZES[kind] })),
    })),
    edges: paths.map(({ id, from, to }) => ({ id, sources: [from], targets: [gatewayBox.get(to) ?? to] })),
  };
  const { children = [] } = await elk.layout(root);
  return new Map([...children, ...children.flatMap((box) => box.children ?? [])].map((one) => [one.id, placeOf(one)]));
}

function placeOf({ x = 0, y = 0, width = 0, height = 0 }: ElkNode): Place {
  return { x, y, width, height };
}
