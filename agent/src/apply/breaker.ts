import { FRESH_WINDOW, massDeleteBreaker, observeTotal } from '@isthmus/plan';
import type { Clock } from '@isthmus/platform';
import type { DeletionBreaker } from './prune-gate.js';

/** The mass-delete breaker over this agent's own deletions. Monotonic time: a stepped clock neither opens nor closes it. */
export function createBreaker(clock: Clock): DeletionBreaker {
  let window = FRESH_WINDOW;
  return {
    allow(count, total) {
      const verdict = massDeleteBreaker(window, { now: clock.monotonicMs(), count, total });
      window = verdict.window;
      return verdict.allowed;
    },
    see(total) {
      window = observeTotal(window, { now: clock.monotonicMs(), total });
    },
  };
}
