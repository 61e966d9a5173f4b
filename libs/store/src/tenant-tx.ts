import type { Context } from './client/context.js';
import { customRoleRepository, roleBindingRepository } from './repositories/access.js';
import { accountRepository } from './repositories/accounts.js';
import { auditReader } from './repositories/audit.js';
import { auditSealRepository } from './repositories/audit-seals.js';
import { certificateRepository } from './repositories/certificates.js';
import { deviceLoginRepository } from './repositories/device-logins.js';
import { enrolmentRepository } from './repositories/enrolments.js';
import { gatewayRepository } from './repositories/gateways.js';
import { grantRepository } from './repositories/grants.js';
import { headRepository, revisionReader } from './repositories/heads.js';
import { holdRepository } from './repositories/holds.js';
import { idempotencyRepository } from './repositories/idempotency.js';
import { inventoryRepository } from './repositories/inventory.js';
import { localAdminRepository } from './repositories/local-admins.js';
import { manifestRepository } from './repositories/manifests.js';
import { memberRepository } from './repositories/members.js';
import { objectRepository } from './repositories/objects.js';
import { outboxRepository } from './repositories/outbox.js';
import { rateRepository } from './repositories/rates.js';
import { removalRepository } from './repositories/removals.js';
import { clusterLifeRepository } from './repositories/lives.js';
import { lineStopRepository, refusalRepository } from './repositories/refusals.js';
import { resourceReader } from './repositories/resources.js';
import { serviceAccountRepository } from './repositories/service-accounts.js';
import { sessionRepository } from './repositories/sessions.js';
import { signInAttemptRepository } from './repositories/sign-in-attempts.js';
import { signalRepository } from './repositories/signals.js';
import { sloStateRepository } from './repositories/slo-states.js';
import { targetRepository } from './repositories/targets.js';
import { tokenRepository } from './repositories/tokens.js';
import { userSessionRepository } from './repositories/user-sessions.js';
import { portRepository, vipRepository } from './repositories/vips.js';
import type { TenantTx } from './types/store.js';

export function tenantTx(context: Context): TenantTx {
  const { db, org } = context;
  return {
    org,
    now: async () => {
      const rows = await db.$queryRaw<{ now: Date }[]>`SELECT now() AS now`;
      return rows[0]?.now ?? context.clock.now();
    },
    tryLock: async (name) => {
      const rows = await db.$queryRaw<{ locked: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(hashtextextended(${`${org} ${name}`}, 0)) AS locked`;
      return rows[0]?.locked === true;
    },
    lock: async (name) => {
      await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${org} ${name}`}, 0))`;
    },
    resources: resourceReader(context),
    audit: auditReader(context),
    auditSeals: auditSealRepository(context),
    outbox: outboxRepository(context),
    objects: objectRepository(context),
    revisions: revisionReader(context),
    heads: headRepository(context),
    targets: targetRepository(context),
    members: memberRepository(context),
    vips: vipRepository(context),
    ports: portRepository(context),
    inventory: inventoryRepository(context),
    sessions: sessionRepository(context),
    gateways: gatewayRepository(context),
    holds: holdRepository(context),
    removals: removalRepository(context),
    signals: signalRepository(context),
    sloStates: sloStateRepository(context),
    enrolments: enrolmentRepository(context),
    manifests: manifestRepository(context),
    certificates: certificateRepository(context),
    lives: clusterLifeRepository(context),
    refusals: refusalRepository(context),
    lineStops: lineStopRepository(context),
    tokens: tokenRepository(context),
    roleBindings: roleBindingRepository(context),
    customRoles: customRoleRepository(context),
    accounts: accountRepository(context),
    grants: grantRepository(context),
    userSessions: userSessionRepository(context),
    signInAttempts: signInAttemptRepository(context),
    deviceLogins: deviceLoginRepository(context),
    serviceAccounts: serviceAccountRepository(context),
    localAdmins: localAdminRepository(context),
    idempotency: idempotencyRepository(context),
    rates: rateRepository(context),
  };
}
