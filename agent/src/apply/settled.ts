import type { RenderedObject } from '@isthmus/meshes';
import type { OwnedObject } from '../cluster/cluster-port.js';
import { keyOf } from './object-keys.js';
import type { RenderWish } from './desired.js';
import { PENDING } from './owned-set.js';

/** Objects that a round found or left as they are wanted, by key. Rendering gives the very same object while nothing about it changes. */
export type Settled = ReadonlyMap<string, RenderedObject>;

/** What is left to look at. `recorded` are names in the record, by global namespace. */
export interface OpenWork {
  wishes: RenderWish[];
  recorded: Map<string, OwnedObject[]>;
  settled: Map<string, RenderedObject>;
}

/** Takes out what is settled: wanted exactly as it was, wanted once, and in the record. */
export function withoutSettled(
  wishes: readonly RenderWish[],
  recorded: ReadonlyMap<string, OwnedObject>,
  settled: Settled,
): OpenWork {
  const done = new Map<string, RenderedObject>();
  const open = wishes.map((wish) => {
    const twice = repeated(wish.objects);
    const objects = wish.objects.filter((rendered) => {
      const key = keyOf(rendered.object);
      if (settled.get(key) !== rendered || twice.has(key) || !isMade(recorded.get(key))) return true;
      done.set(key, rendered);
      return false;
    });
    return { ...wish, objects };
  });
  const rest = new Map<string, OwnedObject[]>(open.map(({ gns }) => [gns, []]));
  for (const [key, owned] of recorded) if (!done.has(key)) rest.get(owned.gns)?.push(owned);
  return { wishes: open, recorded: rest, settled: done };
}

function isMade(owned: OwnedObject | undefined): boolean {
  return owned !== undefined && owned.hash !== PENDING;
}

function repeated(objects: readonly RenderedObject[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { object } of objects) {
    const key = keyOf(object);
    if (seen.has(key)) twice.add(key);
    seen.add(key);
  }
  return twice;
}
