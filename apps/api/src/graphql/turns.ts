import pLimit from 'p-limit';

export interface TurnsOptions {
  /** Pieces of work that run side by side. */
  atOnce: number;
  /** How long a piece of work keeps the others waiting; after that it runs on beside them. */
  longestMs: number;
}

/**
 * Lets a few pieces of work run side by side while the others wait in the order in which they came. Under more load than one core can
 * take, work that is begun but not ended fills memory and makes every collection of garbage dearer: the fewer are begun, the more are
 * answered. One that is slow gives up its turn and runs on, so that it keeps nobody waiting for longer than `longestMs`.
 */
export class Turns {
  private readonly limit: ReturnType<typeof pLimit>;

  constructor(private readonly options: TurnsOptions) {
    this.limit = pLimit(options.atOnce);
  }

  /** What the work answers, once it had its turn; undefined, and nothing is run, if it is not wanted any more by then. */
  async run<T>(work: () => Promise<T> | T, isWanted: () => boolean): Promise<T | undefined> {
    let running: Promise<T> | undefined;
    await this.limit(async () => {
      if (!isWanted()) return;
      running = Promise.resolve(work());
      await this.endOf(running);
    });
    return running;
  }

  /** Resolves when the work has ended, well or not, or has taken its time. */
  private endOf(running: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.options.longestMs);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      running.then(end, end);
    });
  }
}
