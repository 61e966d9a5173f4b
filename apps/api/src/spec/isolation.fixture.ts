import { NestFactory } from '@nestjs/core';
import { silentLogger, systemClock } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { execute, parse, subscribe, type ExecutionResult, type GraphQLSchema } from 'graphql';
import pg from 'pg';
import { ApiModule } from '../core/api.module.js';
import { rightsOf } from '../auth/rights.js';
import type { Viewer } from '../auth/viewer.js';
import { contextOf } from '../server/context-factory.js';
import { Services } from '../services.js';
import { grantOf, type GrantText } from './roles.fixture.js';

/** Which of the two guards between organizations stand. */
export type Guards = 'both' | 'row-level security' | 'application' | 'none';

const TENANT_TABLES = `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
  WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`;

/** A condition of the application on the organization, as repositories and the generated client write it. */
const CONDITION = /(?:"?\w+"?\.)*"?org_id"?\s*=\s*(\$\d+)/g;

/** Takes guards away from a database of a spec and from this process, and puts them back. */
export class GuardSwitch {
  private readonly query = pg.Client.prototype.query;
  private isAsked = true;

  /** Before the first connection is made: pools keep the functions of their connections. */
  constructor(private readonly url: string) {
    pg.Client.prototype.query = withConditionsIf(this.query, () => this.isAsked);
  }

  async set(guards: Guards): Promise<void> {
    this.isAsked = true;
    await this.force(guards === 'both' || guards === 'row-level security');
    this.isAsked = guards === 'both' || guards === 'application';
  }

  /** Both guards stand again, for good. */
  async end(): Promise<void> {
    await this.set('both');
    pg.Client.prototype.query = this.query;
  }

  private async force(isForced: boolean): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(TENANT_TABLES);
    const verb = isForced ? 'ENABLE' : 'DISABLE';
    await client.query(rows.map(({ name }) => `ALTER TABLE "${name}" ${verb} ROW LEVEL SECURITY;`).join('\n'));
    await client.end();
  }
}

type Query = typeof pg.Client.prototype.query;

/** While it is not asked, conditions on the organization always hold. */
function withConditionsIf(query: Query, isAsked: () => boolean): Query {
  const blunt = (text: string): string => {
    // What an update sets is no condition.
    const from = /^\s*UPDATE\b/i.test(text) ? text.search(/\bWHERE\b/i) : 0;
    return from < 0 ? text : text.slice(0, from) + text.slice(from).replaceAll(CONDITION, '$1::text IS NOT NULL');
  };
  const blunted = (statement: unknown): unknown => {
    if (typeof statement === 'string') return blunt(statement);
    const { text, name } = (statement ?? {}) as { text?: unknown; name?: string };
    if (typeof text !== 'string') return statement;
    // A connection keeps a prepared statement by its name.
    return { ...(statement as object), text: blunt(text), ...(name === undefined ? {} : { name: `${name}-blunt` }) };
  };
  return function (this: pg.Client, ...[first, ...rest]: unknown[]): unknown {
    const statement = isAsked() ? first : blunted(first);
    return (query as (...args: unknown[]) => unknown).call(this, statement, ...rest);
  } as Query;
}

/** A person who is signed in and holds one role somewhere, or none. */
export function callerWith(org: string, grant?: GrantText): Viewer {
  return {
    ...{ org, actor: 'user:spec', role: 'none', tokenId: undefined, tokenName: '', requestId: 'spec', ip: '' },
    ...{ sessionId: 'spec', account: undefined },
    subject: { kind: 'USER', id: 'spec', groups: [] },
    rights: rightsOf(grant === undefined ? [] : [grantOf(grant)], []),
  };
}

/** Runs operations on the services themselves; what they change is rolled back. */
export async function startOperations(store: Store, schema: GraphQLSchema) {
  const dry: Store = {
    ...store,
    mutate: (...[org, info, run, options]) => store.mutate(org, info, run, { ...options, commitIf: () => false }),
  };
  const app = await NestFactory.createApplicationContext(
    ApiModule.with({
      ...{ store: dry, clock: systemClock, log: silentLogger() },
      onboarding: { gatewayUrl: 'https://gateway.example', gatewayCa: () => Promise.resolve('PEM') },
      statementKeys: () => Promise.resolve([]),
    }),
    { logger: false },
  );
  const parts = { store: dry, services: app.get(Services), clock: systemClock };
  const run = async (viewer: Viewer, text: string, variableValues: object = {}): Promise<ExecutionResult> =>
    execute({
      ...{ schema, document: parse(text), contextValue: contextOf(parts, viewer) },
      variableValues: { ...variableValues },
    });
  const listen = async (viewer: Viewer, text: string) =>
    subscribe({ schema, document: parse(text), contextValue: contextOf(parts, viewer) });
  /** As after a lost connection: every stream says that it does not know what it missed, after all that it was told before. */
  const loseNews = (): void => app.get(Services).events['tellAll']();
  await app.init();
  return { run, listen, loseNews, close: () => app.close() };
}
