import type { Place } from './layout.js';

/** A node with its place on the whole canvas. */
export interface Standing extends Place {
  id: string;
}

const DIRECTIONS = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
} as const;

export type ArrowKey = keyof typeof DIRECTIONS;

export const isArrow = (key: string): key is ArrowKey => key in DIRECTIONS;

const centerOf = ({ x, y, width, height }: Place): [number, number] => [x + width / 2, y + height / 2];

/** The next node in the direction of a key: the nearest, where what lies aside counts twice; undefined: there is none. */
export function nextNode(nodes: readonly Standing[], from: string, key: ArrowKey): string | undefined {
  const here = nodes.find(({ id }) => id === from);
  if (here === undefined) return nodes[0]?.id;
  const [x, y] = centerOf(here);
  const [dx, dy] = DIRECTIONS[key];
  const ahead = nodes.flatMap((node) => {
    const [nx, ny] = centerOf(node);
    const along = (nx - x) * dx + (ny - y) * dy;
    const aside = Math.abs((nx - x) * dy) + Math.abs((ny - y) * dx);
    return along > 0 ? [{ id: node.id, distance: along + 2 * aside }] : [];
  });
  return ahead.sort((a, b) => a.distance - b.distance)[0]?.id;
}
