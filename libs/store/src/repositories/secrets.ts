import { CURRENT_ORGANIZATION, type Flights } from '../client/flights.js';
import { revived, tableQuery } from '../client/table.js';
import { Prisma } from '../generated/client.js';
import type { SecretReader } from '../types/secrets.js';
import type { Clock } from '../types/store.js';
import { type Access, accessIn, accessQuery } from './access.js';
import { accountOf, ACCOUNTS } from './accounts.js';
import { grantOf, GRANTS } from './grants.js';
import { liveToken, TOKENS } from './tokens.js';
import { liveSession, USER_SESSIONS } from './user-sessions.js';

const ORGANIZATION = Prisma.sql`SELECT ${CURRENT_ORGANIZATION} AS org`;

export function secretReader(flights: Flights, clock: Clock): SecretReader {
  const org = CURRENT_ORGANIZATION;
  return {
    token: async (hash) => {
      const isIt = Prisma.sql`hash = ${hash}`;
      const id = Prisma.sql`(SELECT id FROM api_token WHERE org_id = ${org} AND ${isIt})`;
      const [orgs, rows, access] = await flights.inFound(Prisma.sql`SELECT org_id FROM api_token WHERE ${isIt}`, [
        ORGANIZATION,
        tableQuery(org, TOKENS, { where: isIt }),
        accessQuery({ org, clock }, { kind: 'TOKEN', id, groups: [] }),
      ]);
      const live = liveToken(revived(rows ?? [], TOKENS)[0], clock.now());
      return live && { org: named(orgs), ...live, access: accessIn(access?.[0]?.['access'] as Access | undefined) };
    },
    session: async (hash) => {
      const isIt = Prisma.sql`hash = ${hash}`;
      const of = (column: string) =>
        Prisma.sql`id = (SELECT ${Prisma.raw(column)} FROM user_session WHERE org_id = ${org} AND ${isIt})`;
      const [orgs, rows, accounts, grants] = await flights.inFound(
        Prisma.sql`SELECT org_id FROM user_session WHERE ${isIt}`,
        [
          ORGANIZATION,
          tableQuery(org, USER_SESSIONS, { where: isIt }),
          tableQuery(org, ACCOUNTS, { where: of('account') }),
          tableQuery(org, GRANTS, { where: of('user_grant') }),
        ],
      );
      const live = liveSession(revived(rows ?? [], USER_SESSIONS)[0], clock.now());
      const [account, grant] = [revived(accounts ?? [], ACCOUNTS)[0], revived(grants ?? [], GRANTS)[0]];
      return (
        live && { org: named(orgs), ...live, account: account && accountOf(account), grant: grant && grantOf(grant) }
      );
    },
  };
}

function named(rows: readonly Record<string, unknown>[] | undefined): string {
  const org = rows?.[0]?.['org'];
  return typeof org === 'string' ? org : '';
}
