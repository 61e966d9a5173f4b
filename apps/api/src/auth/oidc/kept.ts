import { apart } from './patience.js';

export interface KeepingRule {
  /** What is older is fetched anew, and counts no longer where that fails. */
  maxAgeMs: number;
  /** After a failure nothing is asked for so long: whoever may cause requests cannot make many of them. */
  pauseMs: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Something that a provider publishes: fetched when it is needed, by one request for all who wait, and kept for a while. */
export class Kept<T> {
  private known: { value: T; at: number } | undefined;
  private failed: { error: unknown; at: number } | undefined;
  private pending: Promise<T> | undefined;

  constructor(
    private readonly fetch: () => Promise<T>,
    private readonly rule: KeepingRule,
  ) {}

  /** Throws where it can neither be fetched nor is known; `maxAgeMs`: of what is known, if it must be newer than usual. */
  async get(maxAgeMs: number = this.rule.maxAgeMs): Promise<T> {
    const { known, failed, rule } = this;
    if (known !== undefined && this.isYounger(known.at, maxAgeMs)) return known.value;
    if (this.pending !== undefined) return this.pending;
    if (failed !== undefined && this.isYounger(failed.at, rule.pauseMs)) throw failed.error;
    this.pending = this.load().finally(() => (this.pending = undefined));
    return this.pending;
  }

  /** What is of a time to come is not: the clock was set back, and nobody knows how old it is. */
  private isYounger(at: number, ms: number): boolean {
    const age = this.rule.now() - at;
    return age >= 0 && age < ms;
  }

  /** Its age counts from when it was asked for: the provider may have changed it while it answered. */
  private async load(): Promise<T> {
    const at = this.rule.now();
    try {
      const value = await apart(this.fetch);
      this.known = { value, at };
      this.failed = undefined;
      return value;
    } catch (error) {
      this.failed = { error, at: this.rule.now() };
      throw error;
    }
  }
}
