/** Passes on that something changed: at once the first time, then at most once in `everyMs`. */
export class ChangeSignal {
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #isPending = false;

  constructor(private readonly everyMs: number) {}

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  note(): void {
    this.#isPending = true;
    if (this.#timer === undefined) this.#pass();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #pass(): void {
    this.#timer = undefined;
    if (!this.#isPending) return;
    this.#isPending = false;
    this.#timer = setTimeout(() => this.#pass(), this.everyMs);
    for (const listener of this.#listeners) listener();
  }
}
