/** Passes on what changed: at once the first time, then at most once in `everyMs`, with all that was noted meanwhile. */
export class ChangeSignal<T = undefined> {
  readonly #listeners = new Set<(changes: ReadonlySet<T>) => void>();
  #timer: NodeJS.Timeout | undefined;
  #noted = new Set<T>();

  constructor(private readonly everyMs: number) {}

  listen(listener: (changes: ReadonlySet<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  note(change: T): void {
    this.#noted.add(change);
    if (this.#timer === undefined) this.#pass();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #pass(): void {
    this.#timer = undefined;
    if (this.#noted.size === 0) return;
    const noted = this.#noted;
    this.#noted = new Set();
    this.#timer = setTimeout(() => this.#pass(), this.everyMs);
    for (const listener of this.#listeners) listener(noted);
  }
}
