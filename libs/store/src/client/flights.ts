import type pg from 'pg';
import { Prisma } from '../generated/client.js';
import type { StoreEvent } from '../types/store.js';
import { beginReads, prepared, streamOf } from './pool.js';
import { Retries } from './retries.js';
import { asJson, type Rows, rowsIn } from './rows.js';

interface Read {
  query: Prisma.Sql;
  resolve: (rows: unknown[]) => void;
  reject: (error: unknown) => void;
}

/** Reads of one flight: it shall not become long. */
const MAX_READS = 100;

/** What a flight begins with: statements that set role and organization. */
type Opening = readonly (string | pg.QueryConfig)[];

export interface FlightParts {
  /** Its connections must be in pipeline mode. */
  pool: pg.Pool;
  log: (event: StoreEvent) => void;
}

/**
 * Reads that need no transaction of their own. Those of one organization that are asked for within one turn of the event loop go out
 * together, and come back in one round trip: BEGIN with role and organization, the statements, COMMIT. Each statement sees what is
 * committed when it runs, and each answer or failure is that of its read alone.
 */
export class Flights {
  /**
   * What waits, by organization; undefined: nothing does. A new map each time: one that lives long and is filled and emptied again and again
   * leaves tables behind that lead from one to the next, and with them whatever a query held goes to the old generation of the heap.
   */
  private waiting: Map<string, Read[]> | undefined;

  constructor(private readonly parts: FlightParts) {}

  /** Reads of one organization, under row-level security. */
  rowsOf(org: string): Rows {
    return <T>(query: Prisma.Sql) =>
      new Promise<T[]>((resolve, reject) => {
        this.add(org, { query, resolve: (rows) => resolve(rows as T[]), reject });
      });
  }

  /**
   * Rows of queries in the organization that `organization` finds as the owner of the tables; in none if it finds none. The queries run
   * under row-level security, and name the organization by `CURRENT_ORGANIZATION`.
   */
  async inFound(organization: Prisma.Sql, queries: readonly Prisma.Sql[]): Promise<Record<string, unknown>[][]> {
    const opening = ['BEGIN READ ONLY', prepared(settingOf(organization)), 'SET LOCAL ROLE isthmus_app'];
    return new Promise((resolve, reject) => {
      const found: Record<string, unknown>[][] = [];
      const reads = queries.map((query, index) => ({
        query,
        resolve: (rows: unknown[]) => (found[index] = rows as Record<string, unknown>[]),
        reject,
      }));
      this.answer(opening, reads).then(() => resolve(found), reject);
    });
  }

  private add(org: string, read: Read): void {
    this.waiting ??= this.nextDeparture();
    const others = this.waiting.get(org);
    if (others === undefined) this.waiting.set(org, [read]);
    else others.push(read);
  }

  /** A map to fill until the end of this turn of the event loop. */
  private nextDeparture(): Map<string, Read[]> {
    const waiting = new Map<string, Read[]>();
    setImmediate(() => {
      this.waiting = undefined;
      for (const [org, reads] of waiting) this.depart(org, reads);
    });
    return waiting;
  }

  private depart(org: string, reads: readonly Read[]): void {
    for (let at = 0; at < reads.length; at += MAX_READS) {
      const some = reads.slice(at, at + MAX_READS);
      this.answer([beginReads(org)], some).catch((error: unknown) => some.forEach(({ reject }) => reject(error)));
    }
  }

  /** Answers every read, in as many flights as failures make of one. */
  private async answer(opening: Opening, reads: readonly Read[]): Promise<void> {
    const retries = new Retries(this.parts.log);
    let open = reads;
    while (open.length > 0) {
      const failed = await fly(this.parts.pool, opening, open);
      if (failed === undefined) return;
      const { error, at, hasBegun } = failed;
      open = open.slice(at);
      if (await retries.again(error)) continue;
      const refused = hasBegun ? 1 : open.length;
      for (const read of open.slice(0, refused)) read.reject(error);
      open = open.slice(refused);
    }
  }
}

interface FailedFlight {
  error: unknown;
  /** Which read failed; those before it are answered. */
  at: number;
  /** False: it was not about a read but about all of them. */
  hasBegun: boolean;
}

/** One flight; undefined if every read was answered. */
async function fly(pool: pg.Pool, opening: Opening, reads: readonly Read[]): Promise<FailedFlight | undefined> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    return { error, at: 0, hasBegun: false };
  }
  client.on('error', heard); // of a connection that is lost between two answers; the statements that miss it tell
  const statements = [...opening, ...reads.map(({ query }) => prepared(asJson(query))), 'COMMIT'];
  const results = await together(client, statements);
  const unopened = results.slice(0, opening.length).find(isRejected);
  const isLost = unopened !== undefined || results.slice(-1).some(isRejected);
  client.removeListener('error', heard);
  client.release(isLost);
  if (unopened !== undefined) return { error: unopened.reason, at: 0, hasBegun: false };
  return settle(reads, results.slice(opening.length, -1));
}

const heard = (): void => undefined;

const isRejected = (result: PromiseSettledResult<unknown>): result is PromiseRejectedResult =>
  result.status === 'rejected';

function settle(
  reads: readonly Read[],
  answers: readonly PromiseSettledResult<pg.QueryResult<{ rows: string }>>[],
): FailedFlight | undefined {
  for (const [at, answer] of answers.entries()) {
    if (answer.status === 'rejected') return { error: answer.reason, at, hasBegun: true };
    reads[at]?.resolve(rowsIn(answer.value.rows));
  }
  return undefined;
}

/** Sends statements in one piece, and waits for all of them. */
function together(
  client: pg.PoolClient,
  statements: readonly (string | pg.QueryConfig)[],
): Promise<PromiseSettledResult<pg.QueryResult<{ rows: string }>>[]> {
  const stream = streamOf(client);
  stream?.cork();
  const answers = Promise.allSettled(statements.map((one) => client.query<{ rows: string }>(one as string)));
  stream?.uncork();
  return answers;
}

/** Names the organization of a flight within it. */
export const CURRENT_ORGANIZATION = Prisma.sql`current_setting('isthmus.org')`;

function settingOf(organization: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT set_config('isthmus.org', coalesce((${organization}), ''), true)`;
}
