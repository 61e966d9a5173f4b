import type { ReadContext } from './client/rows.js';
import { customRoleReads, roleBindingReads } from './repositories/access.js';
import { accountReads } from './repositories/accounts.js';
import { enrolmentReads } from './repositories/enrolments.js';
import { headReads } from './repositories/heads.js';
import { holdReads } from './repositories/holds.js';
import { inventoryReads } from './repositories/inventory.js';
import { clusterLifeReads } from './repositories/lives.js';
import { localAdminReads } from './repositories/local-admins.js';
import { memberReads } from './repositories/members.js';
import { lineStopReads, refusalReads } from './repositories/refusals.js';
import { resourceReads } from './repositories/resources.js';
import { serviceAccountReads } from './repositories/service-accounts.js';
import { sessionReads } from './repositories/sessions.js';
import { targetReads } from './repositories/targets.js';
import { tokenReads } from './repositories/tokens.js';
import { portReads, vipReads } from './repositories/vips.js';
import type { TenantReads } from './types/store.js';

export function tenantReads(context: ReadContext): TenantReads {
  return {
    resources: resourceReads(context),
    heads: headReads(context),
    targets: targetReads(context),
    members: memberReads(context),
    vips: vipReads(context),
    ports: portReads(context),
    inventory: inventoryReads(context),
    sessions: sessionReads(context),
    holds: holdReads(context),
    enrolments: enrolmentReads(context),
    lives: clusterLifeReads(context),
    refusals: refusalReads(context),
    lineStops: lineStopReads(context),
    roleBindings: roleBindingReads(context),
    customRoles: customRoleReads(context),
    accounts: accountReads(context),
    serviceAccounts: serviceAccountReads(context),
    tokens: tokenReads(context),
    localAdmins: localAdminReads(context),
  };
}
