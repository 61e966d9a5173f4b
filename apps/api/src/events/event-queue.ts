/** Past this many different keys a subscriber is too slow to be told each: it gets one that means everything. */
const MAX_KEYS = 1000;

/** The key that stands for everything. */
export const EVERYTHING = '*';

type Take = (result: IteratorResult<string>) => void;

/**
 * Keys that wait to be taken, each once: a slow reader gets the newest state, never a backlog. Written by hand and not as a
 * generator, since a generator that waits for its next event cannot be ended.
 */
export class EventQueue implements AsyncIterableIterator<string> {
  private readonly keys = new Set<string>();
  private taker: Take | undefined;
  private isOver = false;

  constructor(private readonly onEnd: () => void = () => undefined) {}

  push(key: string): void {
    if (this.isOver) return;
    if (this.keys.size >= MAX_KEYS && !this.keys.has(key)) {
      this.keys.clear();
      this.keys.add(EVERYTHING);
    } else {
      this.keys.add(key);
    }
    this.serve();
  }

  next(): Promise<IteratorResult<string>> {
    return new Promise((resolve) => {
      this.taker?.({ done: true, value: undefined });
      this.taker = resolve;
      this.serve();
    });
  }

  return(): Promise<IteratorResult<string>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.keys.clear();
    this.serve();
    this.onEnd();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private serve(): void {
    const { taker } = this;
    if (taker === undefined) return;
    const next = this.keys.values().next();
    if (next.done && !this.isOver) return;
    this.taker = undefined;
    if (next.done) return taker({ done: true, value: undefined });
    this.keys.delete(next.value);
    taker({ done: false, value: next.value });
  }
}
