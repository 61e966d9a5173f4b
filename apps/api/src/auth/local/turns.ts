/** Lets one piece of work run after the other, and no more than `most` wait. */
export class Turns {
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly most: number) {}

  /** Undefined: too many wait already. */
  async take<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.waiting >= this.most) return undefined;
    this.waiting += 1;
    const mine = this.last.then(work, work).finally(() => (this.waiting -= 1));
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
