import type { CustomRoleRepository, RoleBindingRepository } from './access.js';
import type { AccountRepository, GrantRepository } from './accounts.js';
import type { AuditReader, AuditInfo, AuditSealRepository, AuditSubject } from './audit.js';
import type { CertificateRepository, EnrolmentRepository } from './identity.js';
import type { ManifestRepository } from './manifests.js';
import type { HeadRepository, ObjectRepository, RevisionReader } from './revisions.js';
import type { HoldRepository } from './holds.js';
import type { ClusterLifeRepository } from './lives.js';
import type { LineStopRepository, RefusalRepository } from './refusals.js';
import type { GatewayRepository, SessionRepository } from './sessions.js';
import type { IdempotencyRepository } from './idempotency.js';
import type { InventoryRepository } from './inventory.js';
import type { LocalAdminRepository } from './local-admins.js';
import type { MemberRepository, PortRepository, VipRepository } from './members.js';
import type { OutboxRepository } from './outbox.js';
import type { RateRepository } from './rates.js';
import type { RemovalRepository } from './removals.js';
import type { ResourceReader, ResourceRepository } from './resources.js';
import type { SecretReader } from './secrets.js';
import type { ServiceAccountRepository } from './service-accounts.js';
import type { SignalRepository } from './signals.js';
import type { SloStateRepository } from './slo-states.js';
import type { TargetRepository } from './targets.js';
import type { TokenRepository } from './tokens.js';
import type { DeviceLoginRepository, SignInAttemptRepository, UserSessionRepository } from './user-sessions.js';
import type { Channel, Notification, Subscription } from './channels.js';

/** Time as the process sees it. Ordering and leases use database time instead. */
export interface Clock {
  now(): Date;
}

/** Source of ids: UUIDv7, so that keys grow with time. */
export interface IdSource {
  uuid(): string;
}

export interface StoreOptions {
  /** `postgresql://user:password@host:port/database` */
  connectionString: string;
  clock?: Clock;
  ids?: IdSource;
  /** Connections of the pool; default 10. */
  poolSize?: number;
  /** Shown in pg_stat_activity; default `isthmus`. */
  applicationName?: string;
  /** Postgres ends a statement that takes longer; without it none is ended. */
  statementTimeoutMs?: number;
  /** Told of dropped connections and retried transactions. */
  log?: (event: StoreEvent) => void;
}

export interface StoreEvent {
  event: 'connection-lost' | 'connection-restored' | 'transaction-retried' | 'listener-error';
  message: string;
}

export interface TransactionOptions {
  /** Default READ_COMMITTED. A compile that reads one snapshot takes REPEATABLE_READ. */
  isolation?: 'READ_COMMITTED' | 'REPEATABLE_READ' | 'SERIALIZABLE';
  /** How long the transaction may run; default 30 000. */
  timeoutMs?: number;
}

export interface MutationOptions<T> extends TransactionOptions {
  /** Rolls everything back when it answers false; the value is returned either way (dry runs, all-or-nothing applies). */
  commitIf?: (value: T) => boolean;
}

/** What one transaction of one organization can do without a person behind it: reads, and the machinery's own writes. */
export interface TenantTx {
  readonly org: string;
  /** Database time of the transaction. */
  now(): Promise<Date>;
  /** Takes a transaction-scoped lock; false when another transaction holds it. */
  tryLock(name: string): Promise<boolean>;
  /** Waits for a transaction-scoped lock; take several in sorted order. */
  lock(name: string): Promise<void>;
  readonly resources: ResourceReader;
  readonly audit: AuditReader;
  readonly auditSeals: AuditSealRepository;
  readonly outbox: OutboxRepository;
  readonly objects: ObjectRepository;
  readonly revisions: RevisionReader;
  readonly heads: HeadRepository;
  readonly targets: TargetRepository;
  readonly members: MemberRepository;
  readonly vips: VipRepository;
  readonly ports: PortRepository;
  readonly inventory: InventoryRepository;
  readonly sessions: SessionRepository;
  readonly gateways: GatewayRepository;
  readonly holds: HoldRepository;
  readonly removals: RemovalRepository;
  readonly signals: SignalRepository;
  readonly sloStates: SloStateRepository;
  readonly enrolments: EnrolmentRepository;
  readonly manifests: ManifestRepository;
  readonly certificates: CertificateRepository;
  readonly lives: ClusterLifeRepository;
  readonly refusals: RefusalRepository;
  readonly lineStops: LineStopRepository;
  readonly tokens: TokenRepository;
  readonly roleBindings: RoleBindingRepository;
  readonly customRoles: CustomRoleRepository;
  readonly accounts: AccountRepository;
  readonly grants: GrantRepository;
  readonly userSessions: UserSessionRepository;
  readonly signInAttempts: SignInAttemptRepository;
  readonly deviceLogins: DeviceLoginRepository;
  readonly serviceAccounts: ServiceAccountRepository;
  readonly localAdmins: LocalAdminRepository;
  readonly idempotency: IdempotencyRepository;
  readonly rates: RateRepository;
}

/**
 * Reads that share no snapshot: each sees what is committed when it runs, as statements of a transaction that reads what is committed do.
 * What is asked for within one turn of the event loop comes in one round trip.
 */
export interface TenantReads {
  readonly resources: Pick<ResourceReader, 'get' | 'byUid' | 'byUids' | 'byUidsOrNames' | 'all'>;
  readonly heads: Pick<HeadRepository, 'list'>;
  readonly targets: Pick<TargetRepository, 'ofCluster' | 'ofGns' | 'applied'>;
  readonly members: Pick<MemberRepository, 'list'>;
  readonly vips: Pick<VipRepository, 'list' | 'search'>;
  readonly ports: Pick<PortRepository, 'list'>;
  readonly inventory: Pick<InventoryRepository, 'heads'>;
  readonly sessions: Pick<SessionRepository, 'list'>;
  readonly holds: Pick<HoldRepository, 'list'>;
  readonly enrolments: Pick<EnrolmentRepository, 'newest'>;
  readonly lives: Pick<ClusterLifeRepository, 'list'>;
  readonly refusals: Pick<RefusalRepository, 'list'>;
  readonly lineStops: Pick<LineStopRepository, 'list'>;
  readonly roleBindings: Pick<RoleBindingRepository, 'accessOf'>;
  readonly customRoles: Pick<CustomRoleRepository, 'list'>;
  readonly accounts: Pick<AccountRepository, 'get' | 'search' | 'searchGroups'>;
  readonly serviceAccounts: Pick<ServiceAccountRepository, 'get' | 'search'>;
  readonly tokens: Pick<TokenRepository, 'get' | 'search'>;
  readonly localAdmins: Pick<LocalAdminRepository, 'get'>;
}

/** A transaction with a person (or a named automation) behind it: every change that it makes leaves an audit row. */
export interface MutationTx extends Omit<TenantTx, 'resources'> {
  readonly resources: ResourceRepository;
  /** Audits an act that is not a resource's change: a token made, a hold approved, a cluster revoked. */
  record(subject: AuditSubject): Promise<void>;
}

/** The few facts that stand outside organizations. */
export interface SystemRepository {
  organizations(): Promise<{ id: string; displayName: string; createdAt: Date }[]>;
  /** Organizations that have outbox rows to do. */
  organizationsWithWork(): Promise<string[]>;
  /** Which organization an enrolment token (by SHA-256 hex) belongs to. */
  organizationOfEnrolment(hash: string): Promise<string | undefined>;
  /** Which organization a waiting command line (by SHA-256 hex of its device code) belongs to. */
  organizationOfDevice(hash: string): Promise<string | undefined>;
  /** SHA-256 of a manifest's id. */
  organizationOfManifest(hash: string): Promise<string | undefined>;
  /** The database lineage: raised only by a restore or a failover command. */
  epoch(): Promise<number>;
  /** When the lineage was raised last; undefined: never. */
  raisedAt(): Promise<Date | undefined>;
  /** Raises the epoch by one; for an explicit failover. */
  raiseEpoch(): Promise<number>;
  /** Name of the last migration applied. */
  schemaVersion(): Promise<string>;
}

export interface Store {
  /** The one way in: role, organization and row-level security are set before `fn` sees the transaction. Retried on serialization failures. */
  withTenant<T>(org: string, fn: (tx: TenantTx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** As withTenant, for acts of a person: resources can be written, and every change is audited in the same transaction. */
  mutate<T>(
    org: string,
    audit: AuditInfo,
    fn: (tx: MutationTx) => Promise<T>,
    options?: MutationOptions<T>,
  ): Promise<T>;
  /** Hears NOTIFY; reconnects by itself and calls `onReconnect` then, since what was sent meanwhile is lost: poll as well. */
  subscribe(
    channel: Channel,
    onNotification: (notification: Notification) => void,
    onReconnect?: () => void,
  ): Subscription;
  /** Reads of one organization without a transaction, under the same row-level security; far cheaper than one. */
  reads(org: string): TenantReads;
  readonly secrets: SecretReader;
  readonly system: SystemRepository;
  /** Throws when Postgres does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
