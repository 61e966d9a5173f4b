import type { KubeObject } from '@isthmus/domain';
import { resourceType, type FailureKind, type KubeClient } from '@isthmus/kube';
import type { Clock } from '@isthmus/platform';

const LEASE = resourceType('coordination.k8s.io/v1', 'Lease', 'leases');

/**
 * Times of the lease. The holder stops acting at `renewWithinMs` after its last success; others wait the whole `lengthMs`, counted
 * by their own monotonic clock from when they saw the lease change. What lies between covers a write that is under way.
 */
export interface LeaseTimes {
  lengthMs: number;
  renewWithinMs: number;
  retryMs: number;
}

export const LEASE_TIMES: LeaseTimes = { lengthMs: 30_000, renewWithinMs: 20_000, retryMs: 8000 };

export interface LeaseOptions {
  client: KubeClient;
  namespace: string;
  name: string;
  /** Names this process and no other. */
  holder: string;
  clock: Clock;
  times?: LeaseTimes;
  /** Called when acting begins or ends. */
  changed?: (isActing: boolean) => void;
  /** Called once for each new reason why it could not be read or written. */
  failed?: (reason: string) => void;
}

interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

/** Somebody else was faster. */
const LOST: ReadonlySet<FailureKind> = new Set(['conflict', 'alreadyExists']);

/** Picks the one acting agent of a cluster through a Lease. */
export class ActingLease {
  readonly #times: LeaseTimes;
  #renewedAt: number | undefined;
  #seen: { version: string; at: number } | undefined;
  #said = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #isStarted = false;
  #running: Promise<void> = Promise.resolve();
  /** The Lease as we wrote it last: as long as nobody else writes it, it is renewed without being read. */
  #mine: KubeObject | undefined;
  #holder: string | undefined;
  #failure: string | undefined;

  constructor(private readonly options: LeaseOptions) {
    this.#times = options.times ?? LEASE_TIMES;
  }

  /** True while nobody else may act. Asked before every write. */
  get isActing(): boolean {
    if (this.#renewedAt === undefined) return false;
    return this.options.clock.monotonicMs() - this.#renewedAt < this.#times.renewWithinMs;
  }

  /** Who held it when it was last read. */
  get holder(): string | undefined {
    return this.#holder;
  }

  /** Why the last try did not work; undefined if it did, or if another holds it. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Tries now and then again and again, until `stop`. */
  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    await this.#again();
  }

  async #again(): Promise<void> {
    this.#running = this.#try();
    await this.#running;
    this.#say();
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#again(), this.#times.retryMs);
  }

  /** Stops acting and lets another begin at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#renewedAt = undefined;
    this.#say();
    await this.#running;
    if (this.#isStarted) await this.#release();
  }

  /** One try to take or renew. What could not be asked leaves the time of the last success to run out. */
  async #try(): Promise<void> {
    const began = this.options.clock.monotonicMs();
    if (!(await this.#renewed(began))) await this.#take(began);
  }

  async #take(began: number): Promise<void> {
    const { client, namespace, name } = this.options;
    const read = await client.getOf(LEASE, { namespace, name });
    if (!read.ok && read.failure.kind !== 'notFound') return this.#fail(read.failure.message);
    const lease = read.ok ? read.value : undefined;
    if (lease !== undefined && !this.#isFree(lease, began)) {
      this.#renewedAt = undefined;
      return;
    }
    if (this.#stopped) return;
    const written = await this.#write(lease);
    if (this.#stopped) return;
    if (!written.ok) {
      if (LOST.has(written.failure.kind)) this.#renewedAt = undefined;
      return this.#fail(written.failure.message);
    }
    this.#mine = written.value;
    this.#renewedAt = began;
    this.#failure = undefined;
  }

  /** One write instead of a read and a write, while this is the acting agent. Whatever is refused is looked at anew. */
  async #renewed(began: number): Promise<boolean> {
    const mine = this.#mine;
    this.#mine = undefined;
    if (mine === undefined || !this.isActing || this.#stopped) return false;
    const written = await this.#write(mine);
    if (!written.ok || this.#stopped) return this.#stopped;
    this.#mine = written.value;
    this.#renewedAt = began;
    this.#failure = undefined;
    return true;
  }

  /** Free: ours, nobody's, or unchanged before our eyes for its whole length. */
  #isFree(lease: KubeObject, now: number): boolean {
    const { holderIdentity = '', leaseDurationSeconds = 0 } = (lease.spec ?? {}) as LeaseSpec;
    this.#holder = holderIdentity;
    if (holderIdentity === '' || holderIdentity === this.options.holder) return true;
    const version = lease.metadata.resourceVersion ?? '';
    if (this.#seen?.version !== version) this.#seen = { version, at: now };
    return now - this.#seen.at >= Math.max(leaseDurationSeconds * 1000, this.#times.lengthMs);
  }

  #write(lease: KubeObject | undefined) {
    const { client, namespace, name, holder, clock } = this.options;
    const now = microTime(clock.now());
    const before = (lease?.spec ?? {}) as LeaseSpec;
    const isRenewal = before.holderIdentity === holder;
    const spec: LeaseSpec = {
      ...before,
      holderIdentity: holder,
      leaseDurationSeconds: Math.ceil(this.#times.lengthMs / 1000),
      renewTime: now,
      acquireTime: isRenewal ? (before.acquireTime ?? now) : now,
      leaseTransitions: (before.leaseTransitions ?? 0) + (isRenewal || lease === undefined ? 0 : 1),
    };
    if (lease !== undefined) return client.replace(LEASE, { ...lease, spec });
    return client.create(LEASE, {
      apiVersion: LEASE.apiVersion,
      kind: LEASE.kind,
      metadata: { name, namespace },
      spec,
    });
  }

  async #release(): Promise<void> {
    const { client, namespace, name, holder } = this.options;
    const read = await client.getOf(LEASE, { namespace, name });
    if (!read.ok || ((read.value.spec ?? {}) as LeaseSpec).holderIdentity !== holder) return;
    await client.replace(LEASE, { ...read.value, spec: { ...(read.value.spec as LeaseSpec), holderIdentity: '' } });
  }

  #fail(reason: string): void {
    if (reason !== this.#failure) this.options.failed?.(reason);
    this.#failure = reason;
  }

  #say(): void {
    const { isActing } = this;
    if (isActing === this.#said) return;
    this.#said = isActing;
    this.options.changed?.(isActing);
  }
}

function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
