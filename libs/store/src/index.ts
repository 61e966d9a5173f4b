export { backup } from './backup/backup.js';
export type { BackupOptions } from './backup/backup.js';
export { BackupError } from './backup/format.js';
export type { BackupFault, BackupFooter } from './backup/format.js';
export { inspectBackup, restore } from './backup/restore.js';
export type { BackupSummary, RestoreOptions, RestoreResult } from './backup/restore.js';
export { DEFAULT_ORGANIZATION, addOrganization, bootstrap } from './bootstrap.js';
export type { BootstrapOptions } from './bootstrap.js';
export { errorCode, faultOf } from './client/errors.js';
export type { Fault } from './client/errors.js';
export { ensureDatabase } from './database.js';
export { startEmbeddedPostgres } from './embedded-postgres.js';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
export { EmbeddedPostgresError } from './embedded/errors.js';
export type { EmbeddedPostgresFailure } from './embedded/errors.js';
export { systemClock, uuidv7Source } from './ids.js';
export { migrate } from './migrate.js';
export type { MigrateOptions, MigrateResult } from './migrate.js';
export { SCOPE_KINDS, SUBJECT_KINDS } from './types/access.js';
export type {
  CustomRole,
  CustomRoleRepository,
  NewRoleBinding,
  RoleBinding,
  RoleBindingRepository,
  ScopeKind,
  ScopeRef,
  SubjectAccess,
  SubjectKind,
  SubjectRef,
} from './types/access.js';
export { BadCursorError } from './repositories/paging.js';
export { createStore } from './store.js';
export type {
  Clock,
  IdSource,
  MutationOptions,
  MutationTx,
  Store,
  StoreEvent,
  StoreOptions,
  SystemRepository,
  TenantReads,
  TenantTx,
  TransactionOptions,
} from './types/store.js';
export type {
  AuditFilter,
  AuditInfo,
  AuditReader,
  AuditRecord,
  AuditSealRecord,
  AuditSealRepository,
  AuditSubject,
  ChangeRange,
  Page,
  PageRequest,
} from './types/audit.js';
export type { Channel, Line, Notification, Subscription } from './types/channels.js';
export type { HoldKind, HoldRecord, HoldRepository } from './types/holds.js';
export type { RemovalCause, RemovalKey, RemovalRecord, RemovalRepository } from './types/removals.js';
export type { IdempotencyOutcome, IdempotencyRepository } from './types/idempotency.js';
export type { RateRepository, RateSpending, RateUse } from './types/rates.js';
export type {
  CertificateRecord,
  CertificateRepository,
  CertificateState,
  ConsumeOutcome,
  EnrolmentRecord,
  EnrolmentRepository,
  NewCertificate,
  PresentOutcome,
} from './types/identity.js';
export type { ManifestRepository, NewManifest, TakeOutcome } from './types/manifests.js';
export type {
  InventoryHeadRecord,
  InventoryNamespaceOutline,
  InventoryNamespaceRecord,
  InventoryRepository,
  InventoryUpdate,
} from './types/inventory.js';
export type {
  MemberKey,
  MemberRecord,
  MemberRepository,
  MemberTransition,
  ServiceKey,
  PortContractRecord,
  PortRepository,
  VipRecord,
  VipRepository,
} from './types/members.js';
export type { ClusterLife, ClusterLifeRepository, ClusterPhase, PhaseMove } from './types/lives.js';
export type {
  LineStopRecord,
  LineStopRepository,
  RefusalDoor,
  RefusalNote,
  RefusalRecord,
  RefusalRepository,
} from './types/refusals.js';
export type { OutboxRecord, OutboxRepository, OutboxTopic } from './types/outbox.js';
export type {
  DeleteOutcome,
  PutOutcome,
  ResourceBound,
  ResourceFilter,
  ResourceGeneration,
  ResourcesSince,
  ResourceInput,
  ResourceKey,
  ResourceOrder,
  ResourceReader,
  ResourceRecord,
  ResourceRepository,
} from './types/resources.js';
export type {
  CatalogPublication,
  HeadRecord,
  HeadRepository,
  ObjectRepository,
  PolicyPublication,
  ResourceChangeRef,
  RevisionReader,
  RevisionRecord,
  RolloutRecord,
  StoredObject,
} from './types/revisions.js';
export type {
  ConnectOutcome,
  GatewayRecord,
  GatewayRepository,
  SessionHello,
  SessionRecord,
  SessionRepository,
} from './types/sessions.js';
export type { SignalHour, SignalMinute, SignalRepository } from './types/signals.js';
export type {
  SloReportRecord,
  SloStateKey,
  SloStateRecord,
  SloStateRepository,
  SloStateWrite,
} from './types/slo-states.js';
export type {
  AcknowledgedRef,
  AppliedRecord,
  Acknowledgement,
  AppliedReport,
  LineTree,
  MoveOutcome,
  TargetLine,
  TargetMove,
  TargetRecord,
  TargetRepository,
  TargetState,
} from './types/targets.js';
export type {
  AccountClaims,
  AccountRecord,
  AccountRepository,
  GrantRecord,
  GrantRepository,
} from './types/accounts.js';
export { LOCAL_PROVIDER } from './types/local-admins.js';
export type { LocalAdminRecord, LocalAdminRepository, LockoutRule } from './types/local-admins.js';
export type { FoundSession, FoundToken, SecretReader } from './types/secrets.js';
export type { ServiceAccountRecord, ServiceAccountRepository } from './types/service-accounts.js';
export type { NewToken, TokenOwnerKind, TokenRecord, TokenRepository, TokenScopeKind } from './types/tokens.js';
export type {
  DeviceLoginRecord,
  DeviceLoginRepository,
  DevicePoll,
  NewUserSession,
  SessionChoice,
  SignInAttempt,
  SignInAttemptRepository,
  UserSessionKind,
  UserSessionRecord,
  UserSessionRepository,
} from './types/user-sessions.js';
