import type { Context } from '../client/context.js';
import { Prisma } from '../generated/client.js';

/** Where the line of the specs stands. */
export interface SpecStand {
  version: bigint;
  /** Equal stamps of an organization mean the same resources, also over a restore of the database. */
  stamp: string;
}

/**
 * The line of an organization's specs as one transaction has it: changes of one organization's resources follow each other, and versions
 * are seen in the order of commits. A version alone may come twice, after a restore: what stamps a stand besides is the transaction that
 * wrote it, and the start of the server, which a restore to a point in time begins with.
 */
export class SpecLine {
  private stand: Promise<SpecStand> | undefined;

  constructor(private readonly context: Context) {}

  /** Locks it, once: what is read of resources from now on stays true until commit, but for what this transaction writes. */
  locked(): Promise<SpecStand> {
    this.stand ??= this.lock();
    return this.stand;
  }

  /** Moves it on by one. */
  move(): Promise<SpecStand> {
    const { org } = this.context;
    this.stand = this.one(Prisma.sql`
      UPDATE line_version SET version = version + 1 WHERE org_id = ${org} AND line = 'spec'
      RETURNING version::text, ${WRITER} AS writer`);
    return this.stand;
  }

  private async lock(): Promise<SpecStand> {
    const { connection, org } = this.context;
    const read = Prisma.sql`
      SELECT version::text, ${WRITER} AS writer FROM line_version WHERE org_id = ${org} AND line = 'spec' FOR UPDATE`;
    const { rows } = await connection.query<Row>(read);
    if (rows[0] !== undefined) return standOf(rows[0]);
    await connection.query(Prisma.sql`
      INSERT INTO line_version (org_id, line, version) VALUES (${org}, 'spec', 0) ON CONFLICT (org_id, line) DO NOTHING`);
    return this.one(read);
  }

  private async one(query: Prisma.Sql): Promise<SpecStand> {
    const { rows } = await this.context.connection.query<Row>(query);
    if (rows[0] === undefined) throw new Error(`the line of specs of ${this.context.org} is not there`);
    return standOf(rows[0]);
  }
}

interface Row {
  version: string;
  writer: string;
}

/** Names the transaction that wrote a row. */
export const WRITER = Prisma.sql`xmin::text || '@' || extract(epoch FROM pg_postmaster_start_time())::text`;

function standOf({ version, writer }: Row): SpecStand {
  return { version: BigInt(version), stamp: `${version} ${writer}` };
}

/** What a stamp is made of. */
export function partsOf(stamp: string): { version: string; writer: string } {
  const [version = '', writer = ''] = stamp.split(' ');
  return { version, writer };
}
