import { FRESH_WINDOW, massDeleteBreaker } from '@isthmus/plan';
import type { BreakerWindow } from '@isthmus/plan';
import type { Clock } from '@isthmus/platform';
import type { AllowDeletions } from './inventory-intake.js';

/** The mass-delete breakers of clusters. They outlive streams: an agent that reconnects does not begin with a fresh one. */
export interface IntakeBreakers {
  of(cluster: string): AllowDeletions;
}

export function createIntakeBreakers(clock: Clock): IntakeBreakers {
  const windows = new Map<string, BreakerWindow>();
  return {
    of: (cluster) => (count, total) => {
      const window = windows.get(cluster) ?? FRESH_WINDOW;
      const verdict = massDeleteBreaker(window, { now: clock.monotonicMs(), count, total });
      windows.set(cluster, verdict.window);
      return verdict.allowed;
    },
  };
}
