import type { Logger } from '@isthmus/platform';
import type { Store } from '@isthmus/store';

export interface Refused {
  org: string;
  /** Number of the fault. */
  fault: string;
  /** Name of the provider, or `local`. */
  door: string;
  ip: string;
}

const MOST_KINDS = 1000;

/** Counts refused sign-ins and writes one row a minute, door, fault and address: an attacker fills no audit log. */
export class RefusedSignIns {
  private counts = new Map<string, { refused: Refused; count: number; since: Date }>();

  constructor(
    private readonly store: Store,
    private readonly log: Logger,
  ) {}

  note(refused: Refused): void {
    const { org, fault, door, ip } = refused;
    const key = JSON.stringify([org, fault, door, this.counts.size >= MOST_KINDS ? '' : ip]);
    const known = this.counts.get(key) ?? { refused, count: 0, since: new Date() };
    this.counts.set(key, { ...known, count: known.count + 1 });
  }

  /** Writes what was counted; what cannot be written is kept for the next time. */
  async flush(): Promise<void> {
    const counts = this.counts;
    this.counts = new Map();
    for (const [key, { refused, count, since }] of counts) {
      const { org, fault, door, ip } = refused;
      const after = { fault, count, since: since.toISOString() };
      await this.store
        .mutate(org, { actor: 'system:sign-in', action: 'refuseSignIn', ip }, (tx) =>
          tx.record({ kind: 'SignIn', id: door, name: door, after }),
        )
        .catch((err: unknown) => {
          this.log.error({ err, fault, count }, 'refused sign-ins could not be written to the audit log');
          const meanwhile = this.counts.get(key);
          this.counts.set(key, { refused, count: count + (meanwhile?.count ?? 0), since });
        });
    }
  }
}
