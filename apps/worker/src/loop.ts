import type { Logger } from '@isthmus/platform';
import type { WorkerMetrics } from './metrics.js';

/** A task that is repeated until closed. */
export interface Loop {
  /** Runs soon; nudges while it runs make it run once more. */
  nudge(): void;
  /** Stops after the round that runs. */
  close(): Promise<void>;
}

export interface LoopOptions {
  name: string;
  /** Pause between rounds; also the pause after one that failed. */
  everyMs: number;
  round: () => Promise<void>;
  log: Logger;
  metrics: Pick<WorkerMetrics, 'loopFailures'>;
}

/** Repeats a round. A failure is logged and the next round comes as usual: what it would have done is still to do. */
export function startLoop({ name, everyMs, round, log, metrics }: LoopOptions): Loop {
  let closed = false;
  let nudged = false;
  let wake: (() => void) | undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (nudged || closed) wake();
    });
  const run = async (): Promise<void> => {
    while (!closed) {
      nudged = false;
      await round().catch((error: unknown) => {
        metrics.loopFailures.inc({ loop: name });
        log.warn({ err: error, loop: name }, 'a round failed and is repeated');
      });
      await pause();
    }
  };
  const running = run();
  return {
    nudge: () => {
      nudged = true;
      wake?.();
    },
    close: async () => {
      closed = true;
      wake?.();
      await running;
    },
  };
}
