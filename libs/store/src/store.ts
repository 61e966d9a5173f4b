import { PrismaClient } from './generated/client.js';
import type { OwnConnection } from './client/connection.js';
import type { Context } from './client/context.js';
import { Flights } from './client/flights.js';
import { Handover, tenantAdapter } from './client/handover.js';
import { createListener } from './client/listener.js';
import { tenantPool } from './client/pool.js';
import { transactionRows } from './client/rows.js';
import { inTransaction } from './client/transaction.js';
import { systemClock, uuidv7Source } from './ids.js';
import { writeAudit } from './repositories/audit.js';
import { resourceRepository } from './repositories/resource-writer.js';
import { secretReader } from './repositories/secrets.js';
import { systemRepository } from './system.js';
import { tenantReads } from './tenant-reads.js';
import { tenantTx } from './tenant-tx.js';
import type { AuditInfo } from './types/audit.js';
import type { MutationTx, Store, StoreOptions } from './types/store.js';

/** Opens the store; connections are made when needed. Run `migrate` first. */
export function createStore(options: StoreOptions): Store {
  const log = options.log ?? (() => undefined);
  const clock = options.clock ?? systemClock;
  const ids = options.ids ?? uuidv7Source(clock);
  const pool = tenantPool({
    connectionString: options.connectionString,
    size: options.poolSize ?? 10,
    applicationName: options.applicationName ?? 'isthmus',
    statementTimeoutMs: options.statementTimeoutMs,
    log,
  });
  const handover = new Handover();
  const prisma = new PrismaClient({ adapter: tenantAdapter(pool, handover), errorFormat: 'minimal' });
  const listener = createListener(options.connectionString, log);
  const runner = { prisma, handover, log };
  const contextOf = (org: string, db: Context['db'], connection: OwnConnection): Context => ({
    ...{ org, db, connection, clock, ids },
    rows: transactionRows(connection),
  });
  const flights = new Flights({ pool, log });
  return {
    withTenant: (org, fn, transaction) =>
      inTransaction(runner, {
        ...transaction,
        org: named(org),
        run: (db, connection) => fn(tenantTx(contextOf(org, db, connection))),
      }),
    mutate: (...[org, info, fn, mutation]) =>
      inTransaction(runner, {
        ...mutation,
        org: named(org),
        run: (db, connection) => fn(mutationTx(contextOf(org, db, connection), info)),
      }),
    subscribe: (channel, heard, reconnected = () => undefined) => listener.subscribe({ channel, heard, reconnected }),
    reads: (org) => tenantReads({ org: named(org), rows: flights.rowsOf(org), clock }),
    secrets: secretReader(flights, clock),
    system: systemRepository(pool),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    close: async () => {
      await listener.close();
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

function mutationTx(context: Context, info: AuditInfo): MutationTx {
  return {
    ...tenantTx(context),
    resources: resourceRepository(context, info),
    record: (subject) => writeAudit(context, info, subject),
  };
}

function named(org: string): string {
  if (org === '') throw new Error('an organization is needed: its id was empty');
  return org;
}
