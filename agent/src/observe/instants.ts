import { expiryOf, parseBlockEntry, type Tree } from '@isthmus/domain';
import type { Clock } from '@isthmus/platform';

/** Which instants of policies have passed, and when the next one does. */
export interface PassedInstants {
  /** The last one that has passed, in milliseconds since 1970. */
  passed?: number;
  nextInMs?: number;
}

/**
 * The time by which blocks of policies end. It never goes back: a wall clock that is set back, or stands, does not bring a fault back
 * that has ended. A clock that is ahead ends it early, which is the harmless side.
 */
export class Instants {
  #wall: number;
  #monotonic: number;

  constructor(private readonly clock: Clock) {
    this.#wall = clock.now().getTime();
    this.#monotonic = clock.monotonicMs();
  }

  of(policies: readonly Tree[]): PassedInstants {
    const now = this.#now();
    const all = policies.flatMap(instantsIn);
    const passed = Math.max(...all.filter((instant) => instant <= now));
    const next = Math.min(...all.filter((instant) => instant > now));
    return {
      ...(Number.isFinite(passed) ? { passed } : {}),
      ...(Number.isFinite(next) ? { nextInMs: next - now } : {}),
    };
  }

  #now(): number {
    const monotonic = this.clock.monotonicMs();
    this.#wall = Math.max(this.clock.now().getTime(), this.#wall + (monotonic - this.#monotonic));
    this.#monotonic = monotonic;
    return this.#wall;
  }
}

const known = new WeakMap<Tree, readonly number[]>();

function instantsIn(policy: Tree): readonly number[] {
  const instants = known.get(policy) ?? readInstants(policy);
  known.set(policy, instants);
  return instants;
}

function readInstants(policy: Tree): number[] {
  return [...policy.entries.values()].flatMap(({ name, body }) => {
    const block = name.includes('/block/faults/') ? parseBlockEntry(body) : undefined;
    const expiry = block?.ok === true ? expiryOf(block.value) : undefined;
    return expiry === undefined ? [] : [expiry];
  });
}
