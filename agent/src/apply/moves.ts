import { objectKey } from '@isthmus/domain';
import type { Clock } from '@isthmus/platform';
import type { OwnedObject } from '../cluster/cluster-port.js';
import type { RenderWish } from './desired.js';

/** What of a round's removals belongs to views that move to another namespace. */
export interface JudgedMoves {
  /** Removals that are no part of a move. */
  ordinary: OwnedObject[];
  /** The old objects of moves whose new view is complete and has settled. */
  go: OwnedObject[];
  /** When the next one will have settled; undefined: none waits for time alone. */
  nextInMs: number | undefined;
}

export interface RemovalsOfRound {
  removals: readonly OwnedObject[];
  wishes: readonly RenderWish[];
  /** True if the object stands in the cluster as it is wanted. */
  isInPlace: (key: string) => boolean;
}

/**
 * Client views move between namespaces by overlap: the new one is complete first, proxies get time to take it, then the old one goes.
 * What stands in the cluster and what is wanted say everything, so an agent that was killed in between goes on, and waits anew.
 */
export interface Moves {
  judge(round: RemovalsOfRound): JudgedMoves;
}

interface NewView {
  namespaces: Set<string>;
  keys: string[];
}

export function createMoves(clock: Clock, settleMs: number): Moves {
  let completeSince = new Map<string, number>();
  return {
    judge(round) {
      const { ordinary, moved } = split(round);
      const now = clock.monotonicMs();
      const since = new Map<string, number>();
      const go: OwnedObject[] = [];
      let nextInMs: number | undefined;
      for (const [host, { old, view }] of moved) {
        if (!view.keys.every(round.isInPlace)) continue;
        const move = `${host}\n${[...view.namespaces].sort().join()}`;
        const start = completeSince.get(move) ?? now;
        since.set(move, start);
        const left = start + settleMs - now;
        if (left <= 0) go.push(...old);
        else nextInMs = Math.min(left, nextInMs ?? left);
      }
      completeSince = since;
      return { ordinary, go, nextInMs };
    },
  };
}

const idOf = (gns: string, host: string): string => `${gns}\n${host}`;

type Moved = Map<string, { old: OwnedObject[]; view: NewView }>;

/** An old client object moves if its host has a client view, and all of it is in other namespaces. */
function split({ removals, wishes }: RemovalsOfRound): { ordinary: OwnedObject[]; moved: Moved } {
  const moved: Moved = new Map();
  if (!removals.some(({ side }) => side === 'client')) return { ordinary: [...removals], moved };
  const views = newViews(wishes);
  const ordinary: OwnedObject[] = [];
  for (const owned of removals) {
    const { gns, side, host, namespace } = owned;
    const id = host === undefined ? '' : idOf(gns, host);
    const view = side === 'client' ? views.get(id) : undefined;
    if (view === undefined || view.namespaces.has(namespace ?? '')) ordinary.push(owned);
    else moved.set(id, { view, old: [...(moved.get(id)?.old ?? []), owned] });
  }
  return { ordinary, moved };
}

function newViews(wishes: readonly RenderWish[]): Map<string, NewView> {
  const views = new Map<string, NewView>();
  for (const { gns, objects } of wishes) {
    for (const { side, host, object } of objects) {
      if (side !== 'client' || host === undefined) continue;
      const id = idOf(gns, host);
      const view = views.get(id) ?? { namespaces: new Set(), keys: [] };
      views.set(id, view);
      view.namespaces.add(object.metadata.namespace ?? '');
      view.keys.push(objectKey(object));
    }
  }
  return views;
}
