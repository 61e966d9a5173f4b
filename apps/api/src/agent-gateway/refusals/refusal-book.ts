import type { Logger } from '@isthmus/platform';
import type { RefusalDoor, Store } from '@isthmus/store';
import type { GatewayMetrics } from '../gateway-metrics.js';

/** Somebody who was refused. */
export interface Refusal {
  door: RefusalDoor;
  /** Issue code. */
  code: string;
  message: string;
  address: string;
  /** Whose agent it was, if that is known from a token or a certificate; never from what the peer says of itself. */
  about?: { org: string; cluster: string } | undefined;
}

const FLUSH_MS = 300;
/** Different refusals between two writes; whoever knocks with ever new ones is not written down. */
const MAX_WAITING = 500;

interface Waiting {
  refusal: Refusal;
  count: number;
}

/** Writes down who was refused, so that whoever onboards a cluster sees it. Repetitions are counted, not written one by one. */
export class RefusalBook {
  #waiting = new Map<string, Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Store,
    private readonly log: Logger,
    private readonly refusals: GatewayMetrics['refusals'],
  ) {}

  note(refusal: Refusal): void {
    const { about, code, address, door, message } = refusal;
    this.refusals.inc({ door, code, about: about === undefined ? 'nobody' : 'cluster' });
    this.log.warn({ code, door, address, cluster: about?.cluster }, `refused: ${message}`);
    const key = JSON.stringify([about?.org, about?.cluster, code, address]);
    const known = this.#waiting.get(key);
    if (known === undefined && this.#waiting.size >= MAX_WAITING) return;
    this.#waiting.set(key, { refusal, count: (known?.count ?? 0) + 1 });
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting = new Map();
    if (waiting.length === 0) return;
    this.#writing = this.#writing
      .then(() => this.#write(waiting))
      .catch((error: unknown) => this.log.warn({ err: error }, 'refusals could not be written down'));
  }

  async #write(waiting: readonly Waiting[]): Promise<void> {
    const orgs = (await this.store.system.organizations()).map(({ id }) => id);
    // Who cannot be told is shown only where there is nobody else whom it could be about.
    const [only, ...others] = orgs;
    const anybody = others.length === 0 ? only : undefined;
    const byOrg = new Map<string, Waiting[]>();
    for (const item of waiting) {
      const org = item.refusal.about?.org ?? anybody;
      if (org !== undefined && orgs.includes(org)) byOrg.set(org, [...(byOrg.get(org) ?? []), item]);
    }
    for (const [org, items] of byOrg) {
      const notes = items.map(({ refusal: { about, ...rest }, count }) => ({
        ...rest,
        cluster: about?.cluster ?? '',
        count,
      }));
      await this.store.withTenant(org, (tx) => tx.refusals.note(notes));
    }
  }
}
