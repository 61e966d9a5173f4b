import type { Clock, Logger } from '@isthmus/platform';
import type { RateUse, Store } from '@isthmus/store';

/** One count: of a caller or of an organization, and how many points a window has. */
export interface Count {
  org: string;
  key: string;
  points: number;
}

interface Window {
  endsMs: number;
  /** Of all processes, as the store said last. */
  used: number;
  /** Let through here since. */
  unsaid: number;
}

export interface SharedRatesOptions {
  store: Store;
  clock: Clock;
  log: Logger;
  windowMs: number;
}

/** Between two statements of one organization: what processes let through meanwhile is all that can be too much. */
const GAP_MS = 100;
const FORGET_MS = 60_000;

/** A process says nothing before it let such a part of a limit through: whoever is far below it costs no statement. */
const PARTS = 50;

/**
 * Counts that processes share through Postgres. Nobody waits for it: what was let through is said in the background, for all callers of an
 * organization in one statement, and answered with what all processes let through. While the store is away a process goes on by what it
 * knows and counts itself, so that it never lets more through than one alone may.
 */
export class SharedRates {
  readonly #orgs = new Map<string, Map<string, Window>>();
  readonly #saying = new Map<string, Promise<void>>();
  #forgotAt: number;
  #isClosed = false;

  constructor(private readonly options: SharedRatesOptions) {
    this.#forgotAt = options.clock.monotonicMs();
  }

  /** Undefined, or the milliseconds until there is room again. */
  take({ org, key, points }: Count): number | undefined {
    const window = this.#window(org, key);
    if (window.used + window.unsaid >= points) return Math.max(1, window.endsMs - this.#now());
    window.unsaid += 1;
    if (window.unsaid >= points / PARTS) this.#say(org);
    return undefined;
  }

  /** Says no more; resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#saying.values());
  }

  #now(): number {
    return this.options.clock.monotonicMs();
  }

  #window(org: string, key: string): Window {
    const windows = this.#orgs.get(org) ?? new Map<string, Window>();
    this.#orgs.set(org, windows);
    const known = windows.get(key);
    if (known !== undefined && known.endsMs > this.#now()) return known;
    this.#dropOld(windows);
    const begun = { endsMs: this.#now() + this.options.windowMs, used: 0, unsaid: 0 };
    windows.set(key, begun);
    return begun;
  }

  #say(org: string): void {
    if (this.#isClosed || this.#saying.has(org)) return;
    const said = this.#sayAll(org).finally(() => this.#saying.delete(org));
    this.#saying.set(org, said);
  }

  async #sayAll(org: string): Promise<void> {
    while (!this.#isClosed) {
      const windows = this.#orgs.get(org) ?? new Map<string, Window>();
      this.#dropOld(windows);
      const spendings = [...windows].flatMap(([key, { unsaid }]) => (unsaid === 0 ? [] : [{ key, spent: unsaid }]));
      if (spendings.length === 0) return;
      try {
        for (const use of await this.#spend(org, spendings)) this.#hear(windows.get(use.key), use, spendings);
      } catch (error) {
        this.options.log.warn({ err: error, org }, 'rates are counted by this process alone; it will be tried again');
      }
      await new Promise((resolve) => setTimeout(resolve, GAP_MS).unref());
    }
  }

  #spend(org: string, spendings: readonly { key: string; spent: number }[]): Promise<RateUse[]> {
    const { store, windowMs } = this.options;
    const isDue = this.#now() - this.#forgotAt > FORGET_MS;
    if (isDue) this.#forgotAt = this.#now();
    return store.withTenant(org, async (tx) => {
      if (isDue) await tx.rates.forget();
      return tx.rates.spend(spendings, windowMs);
    });
  }

  #hear(window: Window | undefined, use: RateUse, spendings: readonly { key: string; spent: number }[]): void {
    if (window === undefined) return;
    const spent = spendings.find(({ key }) => key === use.key)?.spent ?? 0;
    window.used = use.used;
    window.unsaid = Math.max(0, window.unsaid - spent);
    window.endsMs = this.#now() + use.leftMs;
  }

  #dropOld(windows: Map<string, Window>): void {
    const now = this.#now();
    for (const [key, { endsMs }] of windows) if (endsMs <= now) windows.delete(key);
  }
}
