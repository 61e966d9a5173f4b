import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store, TenantTx } from '@isthmus/store';

/** A read in the transaction of others. */
export type Read<T> = (tx: TenantTx) => Promise<T>;

interface Waiting {
  run: Read<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** Reads of one transaction: it shall not become long. */
const MAX_READS = 200;

/**
 * Reads of one organization, in as few transactions as may be: what is asked for at the same time, and what its answers lead to at
 * once, shares one. Each answer is there when its own read is; a failure is that of its read alone, and the others start anew.
 */
export class SharedReads {
  private readonly waiting: Waiting[] = [];
  private isOpen = false;
  private isReading = false;

  constructor(
    private readonly store: Pick<Store, 'withTenant'>,
    private readonly org: string,
  ) {}

  /** Runs a read; it must not write, since its transaction may be begun again after it was answered. */
  read<T>(run: Read<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ run, resolve: (value) => resolve(value as T), reject });
      if (!this.isOpen) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.isOpen = true;
    while (this.waiting.length > 0) {
      this.isReading = false;
      await this.store.withTenant(this.org, (tx) => this.readAll(tx)).catch((error: unknown) => this.refuse(error));
    }
    this.isOpen = false;
  }

  private async readAll(tx: TenantTx): Promise<void> {
    for (let count = 0; count < MAX_READS; count += 1) {
      const [next] = this.waiting;
      if (next === undefined) return;
      this.isReading = true;
      const value = await next.run(tx);
      this.isReading = false;
      this.waiting.shift();
      next.resolve(value);
      // What is read next because of this answer is asked for before the next turn of the event loop.
      if (this.waiting.length === 0) await nextTurn();
    }
  }

  /** A read that fails is the first in the line; without one the database is not there for any of them. */
  private refuse(error: unknown): void {
    const refused = this.waiting.splice(0, this.isReading ? 1 : this.waiting.length);
    for (const { reject } of refused) reject(error);
  }
}
