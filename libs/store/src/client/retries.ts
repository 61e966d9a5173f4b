import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreEvent } from '../types/store.js';
import { type Fault, faultOf } from './errors.js';

const CONFLICT_ATTEMPTS = 8;
const CONNECTION_PATIENCE_MS = 20_000;

/** How often one piece of work is tried again: after a serialization failure or deadlock, and after a lost connection. */
export class Retries {
  private readonly startedAt = performance.now();
  private attempt = 0;

  constructor(private readonly log: (event: StoreEvent) => void) {}

  /** True, after a pause, if it is to be tried again; false if the error stands. `mayBeDone`: what a lost connection carried may have been heard. */
  async again(error: unknown, mayBeDone = false): Promise<boolean> {
    this.attempt += 1;
    const fault = faultOf(error);
    if (!this.mayRepeat(fault, mayBeDone)) return false;
    this.log({ event: 'transaction-retried', message: error instanceof Error ? error.message : String(error) });
    const base = fault === 'conflict' ? 5 : 100;
    await sleep(Math.random() * Math.min(base * 2 ** this.attempt, 1_000));
    return true;
  }

  private mayRepeat(fault: Fault, mayBeDone: boolean): boolean {
    if (fault === 'conflict') return this.attempt < CONFLICT_ATTEMPTS;
    return fault === 'connection' && !mayBeDone && performance.now() - this.startedAt < CONNECTION_PATIENCE_MS;
  }
}
