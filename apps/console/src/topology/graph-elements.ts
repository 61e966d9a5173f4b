import { MarkerType, type Edge, type Node } from '@xyflow/react';
import { topologyMessages as texts } from '../messages/topology-messages.js';
import type { Graph, GraphBox, GraphLine, GraphNode } from './graph-model.js';
import type { Place, Places } from './layout.js';
import type { CallVerdict } from './topology-document.js';
import type { Standing } from './walk.js';

export type BoxElement = Node<{ name: string }, 'box'>;
export type NodeElement = Node<{ shown: GraphNode; isFirst: boolean }, 'shown'>;

const NOWHERE: Place = { x: 0, y: 0, width: 0, height: 0 };

/** What has its place on the canvas, for walking. */
export function standingOf({ boxes }: Graph, places: Places): Standing[] {
  return boxes.flatMap(({ id: box, nodes }) => {
    const corner = places.get(box) ?? NOWHERE;
    return nodes
      .filter(({ kind }) => kind !== 'gateway')
      .map(({ id }) => {
        const place = places.get(id) ?? NOWHERE;
        return { ...place, id, x: corner.x + place.x, y: corner.y + place.y };
      });
  });
}

/** What holds all boxes, however many of them are drawn so far. */
export function boundsOf({ boxes }: Graph, places: Places): Place {
  const all = boxes.map(({ id }) => places.get(id) ?? NOWHERE);
  const [x, y] = [Math.min(...all.map((box) => box.x)), Math.min(...all.map((box) => box.y))];
  const right = Math.max(...all.map((box) => box.x + box.width));
  const bottom = Math.max(...all.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** Elements as React Flow takes them; Tab reaches the first, until the focus goes on from there. */
export function elementsOf({ boxes }: Graph, places: Places, first: string | undefined): (BoxElement | NodeElement)[] {
  const placeOf = (id: string): Place => places.get(id) ?? NOWHERE;
  return boxes.flatMap((box): (BoxElement | NodeElement)[] => [
    boxElement(box, placeOf(box.id)),
    ...box.nodes.map((shown) => ({ ...nodeElement(shown, placeOf(shown.id), shown.id === first), parentId: box.id })),
  ]);
}

const FIXED = { draggable: false, connectable: false, selectable: false, focusable: false } as const;

function boxElement({ id, name }: GraphBox, { x, y, width, height }: Place): BoxElement {
  return { ...FIXED, id, type: 'box', position: { x, y }, width, height, data: { name } };
}

function nodeElement(shown: GraphNode, { x, y, width, height }: Place, isFirst: boolean): NodeElement {
  return {
    ...FIXED,
    id: shown.id,
    type: 'shown',
    position: { x, y },
    width,
    height,
    data: { shown, isFirst },
  };
}

const CLASSES: Readonly<Record<CallVerdict, string>> = {
  ALLOWED: 'isthmus-call-allowed',
  ALLOWED_BY_DEFAULT: 'isthmus-call-default',
  DENIED: 'isthmus-call-denied',
  DENIED_BY_DEFAULT: 'isthmus-call-denied',
  DEPENDS: 'isthmus-call-depends',
};

/** With more calls than these, words between lines could not be read: the panel has them. */
const MOST_WORDS = 30;
const ARROW = { type: MarkerType.ArrowClosed };

/** Lines between clusters, and the first calls of what is selected; words say what colours do. */
export function linesOf(paths: readonly GraphLine[], calls: readonly GraphLine[], drawn: number): Edge[] {
  return [...paths, ...calls.slice(0, drawn)].map(({ id, from, to, call, isMutual = false }) => ({
    ...{ id, source: from, target: to, focusable: false, selectable: false, markerEnd: ARROW },
    ...(isMutual ? { markerStart: { ...ARROW, orient: 'auto-start-reverse' } } : {}),
    className: call === undefined ? 'isthmus-path' : CLASSES[call.verdict],
    ...(call === undefined ? {} : { zIndex: 2 }),
    ...(call === undefined || calls.length > MOST_WORDS ? {} : { label: labelOf(call) }),
  }));
}

function labelOf({ verdict, rehearsal }: NonNullable<GraphLine['call']>): string {
  if (rehearsal === null || rehearsal === verdict) return texts.verdicts[verdict];
  return `${texts.verdicts[verdict]} (${texts.rehearsed} ${texts.verdicts[rehearsal]})`;
}
