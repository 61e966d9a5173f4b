/** Values made once and kept while they are asked for; a value that failed or was not there is made again. */
export class RecentlyUsed<T> {
  readonly #values = new Map<string, Promise<T | undefined>>();

  constructor(private readonly max: number) {}

  /** The value of the key, made if it is not there. */
  get(key: string, make: () => Promise<T | undefined>): Promise<T | undefined> {
    const known = this.#values.get(key);
    const value = known ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    if (known === undefined) void this.#forgetMissing(key, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.max) break;
      this.#values.delete(oldest);
    }
    return value;
  }

  async #forgetMissing(key: string, value: Promise<T | undefined>): Promise<void> {
    const missing = await value.then(
      (result) => result === undefined,
      () => true,
    );
    if (missing && this.#values.get(key) === value) this.#values.delete(key);
  }
}
