export type IdempotencyOutcome =
  /** Nobody used the key: do the work, then `finish` in the same transaction. */
  | { outcome: 'new' }
  | { outcome: 'replay'; response: unknown }
  /** The key belongs to another request. */
  | { outcome: 'mismatch' };

export interface IdempotencyRepository {
  /** A second caller with the same key waits for the first one's transaction. */
  begin(input: { actor: string; key: string; requestHash: string }): Promise<IdempotencyOutcome>;
  finish(input: { actor: string; key: string; response: unknown }): Promise<void>;
  prune(before: Date): Promise<number>;
}
