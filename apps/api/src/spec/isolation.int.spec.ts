import { buildSchema as parseSchema, type GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '@isthmus/store';
import { BUILT_IN_ROLE_NAMES } from '../auth/roles.js';
import type { Need } from '../auth/permissions.js';
import type { Viewer } from '../auth/viewer.js';
import { permissionOf } from '../graphql/guard.js';
import { builder } from '../graphql/builder.js';
import { buildSchema } from '../graphql/schema.js';
import { postgres } from './api.fixture.js';
import { MUTATIONS, QUERIES, ROWS, SUBSCRIPTIONS, type Case } from './isolation.cases.js';
import { callerWith, GuardSwitch, startOperations, type Guards } from './isolation.fixture.js';
import { nowhere, plant, type Place } from './isolation.world.js';

const ORG = 'default';
const OWN_PROJECT = 'payments';
type Where = 'own' | 'other project' | 'other organization' | 'none';

interface Cell {
  who: string;
  viewer: Viewer;
  where: Where;
  guards: Guards | 'services';
}

const schema = buildSchema();
const fieldsOf = (type: ReturnType<GraphQLSchema['getQueryType']>) => Object.values(type?.getFields() ?? {});

/** Those who hold each role on the whole organization, on their own project, and those who hold none. */
const onAll = BUILT_IN_ROLE_NAMES.map((role) => ({ who: role, viewer: callerWith(ORG, role) }));
const onProject = BUILT_IN_ROLE_NAMES.map((role) => ({
  who: `${role} of ${OWN_PROJECT}`,
  viewer: callerWith(ORG, `${role}@PROJECT:${OWN_PROJECT}`),
}));
/** Changes of resources are judged against all that is stored: whoever may make them, makes them for these callers only. */
const SAMPLED: ReadonlySet<string> = new Set(['Owner', `Owner of ${OWN_PROJECT}`, `Developer of ${OWN_PROJECT}`]);
const isHeavy = (name: string): boolean => /^(put|apply|delete)/.test(name);
/** Without a guard these answer, of the caller itself or with nothing. */
const TELLS_NOTHING: ReadonlySet<string> = new Set(['viewer', 'canI', 'node', 'nodes']);
const isSilent = ({ guards }: Cell, name: string): boolean => guards === 'services' && TELLS_NOTHING.has(name);
const nobody = { who: 'nobody', viewer: callerWith(ORG) };

describe('the matrix', () => {
  it.each([
    ['query', fieldsOf(schema.getQueryType()), Object.keys(QUERIES)],
    ['mutation', fieldsOf(schema.getMutationType()), Object.keys(MUTATIONS)],
    ['subscription', fieldsOf(schema.getSubscriptionType()), SUBSCRIPTIONS],
  ])('has a case for every %s of the schema, and for nothing else', (_kind, fields, cases) => {
    expect([...cases].sort()).toEqual(fields.map(({ name }) => name).sort());
  });

  it('misses a root field that is new', () => {
    const [grown] = fieldsOf(parseSchema('type Query { secrets: String }').getQueryType());
    expect(Object.keys(QUERIES)).not.toContain(grown?.name);
  });
});

postgres.suite('isolation of projects and organizations', () => {
  let store: Store;
  let guards: GuardSwitch;
  let operations: Awaited<ReturnType<typeof startOperations>>;
  let unguarded: Awaited<ReturnType<typeof startOperations>>;
  let places: Record<Where, Place>;
  let twin: Place;
  const allowed = new Set<string>();
  let cells = 0;

  beforeAll(async () => {
    const fresh = await postgres.freshStore({ orgs: [ORG, 'foreign'] });
    store = fresh.store;
    guards = new GuardSwitch(fresh.url);
    operations = await startOperations(store, schema);
    unguarded = await startOperations(store, builder.toSchema());
    places = {
      own: await plant(store, { org: ORG, project: OWN_PROJECT, name: 'x', mark: 'zzown' }),
      'other project': await plant(store, { org: ORG, project: 'search', name: 'y', mark: 'zzother' }),
      'other organization': await plant(store, { org: 'foreign', project: 'abroad', name: 'z', mark: 'zzforeign' }),
      none: nowhere(),
    };
    // Names that both organizations use, so that an answer by name tells whose it is.
    twin = await plant(store, { org: 'foreign', project: OWN_PROJECT, name: 'x', mark: 'zzforeign-twin' });
    await seal(store);
  });
  afterAll(async () => {
    await guards.end();
    await operations.close();
    await unguarded.close();
    await store.close();
  });

  /** The caller as the person who was planted in the organization: so it has tokens of its own. */
  const personOf = ({ viewer }: Cell): Viewer => ({ ...viewer, account: places.own.account });

  /** One answer a field: a field that fails answers its error and leaves the others alone. */
  async function answers(cell: Cell, cases: Readonly<Record<string, Case>>, kind: 'query' | 'mutation') {
    const place = places[cell.where];
    const found = new Map<string, string>();
    const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    const all = Object.entries(cases).filter(([name, of]) => {
      // What names no place is the same operation wherever it is aimed.
      if (cell.where !== 'own' && of(place) === of(places.own)) return false;
      const need = permissionOf(root?.getFields()[name] ?? { extensions: {} });
      return !isHeavy(name) || SAMPLED.has(cell.who) || need === undefined || !cell.viewer.rights.somewhere(need);
    });
    const runOne = async ([name, of]: [string, Case]): Promise<void> => {
      const { run } = cell.guards === 'services' ? unguarded : operations;
      const result = await run(personOf(cell), `${kind} { ${name}${of(place)} }`);
      found.set(name, JSON.stringify(result));
    };
    // Mutations lock what they touch.
    if (kind === 'query') await Promise.all(all.map(runOne));
    else for (const one of all) await runOne(one);
    return found;
  }

  /** What in answers would be a leak to this caller. */
  function secretsBefore({ viewer, where }: Cell): string[] {
    const foreign = [...Object.values(places['other organization'].ids), ...Object.values(twin.ids)];
    const ids = where === 'other project' ? [] : Object.values(places['other project'].ids);
    const other = [places['other project'].mark, ...ids];
    const isAsked = where === 'other organization' ? [] : foreign;
    const isBound = viewer.rights.grants.every(({ scope }) => scope.kind !== 'ORGANIZATION');
    return ['zzforeign', ...isAsked, ...(isBound ? other : [])];
  }

  /** What is wrong with one answer. */
  function judgeOne(
    cell: Cell,
    name: string,
    asked: { answer: string; text: string; need: Need | undefined },
  ): string[] {
    const { answer, text, need } = asked;
    const label = `${cell.guards}: ${cell.who} → ${name} at ${cell.where}`;
    const isRefused = answer.includes('"FORBIDDEN"');
    const isHeld = need !== undefined && cell.viewer.rights.somewhere(need);
    const isById = Object.values(places[cell.where].ids).some((id) => text.includes(id));
    const isOurs = cell.where === 'own' || cell.where === 'other project';
    const faults = secretsBefore(cell)
      .filter((secret) => answer.includes(secret))
      .map((secret) => `${label} shows ${secret}`);
    if (isById && !isOurs && answer.includes('"ok":{')) faults.push(`${label} is done: ${answer}`);
    if (!isHeld && !isRefused && !isSilent(cell, name)) faults.push(`${label} is not refused: ${answer.slice(0, 200)}`);
    if (answer.includes('went wrong')) faults.push(`${label} failed: ${answer.slice(0, 300)}`);
    return faults;
  }

  function judge(cell: Cell, found: ReadonlyMap<string, string>, kind: 'query' | 'mutation'): string[] {
    const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    const cases = kind === 'query' ? QUERIES : MUTATIONS;
    return [...found].flatMap(([name, answer]) => {
      cells += 1;
      const row = ROWS[name] ?? places[cell.where].mark;
      if (cell.where === 'own' && !answer.includes('"FORBIDDEN"') && answer.includes(row)) allowed.add(name);
      const need = permissionOf(root?.getFields()[name] ?? { extensions: {} });
      return judgeOne(cell, name, { answer, text: cases[name]?.(places[cell.where]) ?? '', need });
    });
  }

  async function sweep(callers: readonly { who: string; viewer: Viewer }[], mode: Cell['guards']): Promise<string[]> {
    const faults: string[] = [];
    await guards.set(mode === 'services' ? 'both' : mode);
    for (const caller of callers)
      for (const where of ['own', 'other project', 'other organization', 'none'] as const) {
        const cell = { ...caller, where, guards: mode };
        faults.push(...judge(cell, await answers(cell, QUERIES, 'query'), 'query'));
        faults.push(...judge(cell, await answers(cell, MUTATIONS, 'mutation'), 'mutation'));
      }
    await guards.set('both');
    return faults;
  }

  it('would see a leak: with neither guard, rows of another organization are shown', async () => {
    const [owner] = onAll;
    await guards.set('none');
    const cell = {
      who: 'Owner',
      viewer: owner?.viewer ?? nobody.viewer,
      where: 'other organization' as const,
      guards: 'none' as const,
    };
    const found = await answers(
      cell,
      { node: QUERIES['node'] ?? (() => ''), apiTokens: QUERIES['apiTokens'] ?? (() => '') },
      'query',
    );
    await guards.set('both');
    expect([...found.values()].join(' ')).toContain('zzforeign');
  });

  it('holds for every role, whole or of one project, with both guards', { timeout: 300_000 }, async () => {
    expect(await sweep([...onAll, ...onProject, nobody], 'both')).toEqual([]);
  });

  it('holds between organizations by row-level security alone', { timeout: 120_000 }, async () => {
    expect(await sweep([...onAll.slice(0, 1), ...onProject.slice(0, 1), nobody], 'row-level security')).toEqual([]);
  });

  it('holds between organizations by the application alone', { timeout: 120_000 }, async () => {
    expect(await sweep([...onAll.slice(0, 1), ...onProject.slice(0, 1), nobody], 'application')).toEqual([]);
  });

  it('holds by what services ask for, with no guard before resolvers', { timeout: 120_000 }, async () => {
    const lowest = onAll.filter(({ who }) => who === 'Viewer');
    expect(
      await sweep([...lowest, ...onProject.filter(({ who }) => who.startsWith('Viewer')), nobody], 'services'),
    ).toEqual([]);
  });

  it('lets somebody do each operation, and shows its row', () => {
    const all = [...Object.keys(QUERIES), ...Object.keys(MUTATIONS)];
    expect(all.filter((name) => !allowed.has(name))).toEqual([]);
    console.info(`isolation: ${cells} cells, ${all.length} operations, none leaks`);
  });
});

async function seal(store: Store): Promise<void> {
  await store.withTenant(ORG, async (tx) => {
    const rows = await tx.auditSeals.unsealed(1);
    const hash = 'b'.repeat(64);
    const made = {
      seq: 1,
      rows: rows.length,
      rowsHash: hash,
      previous: '0'.repeat(64),
      sealedAt: new Date(),
      hash,
      signature: 'x',
    };
    await tx.auditSeals.put(
      made,
      rows.map(({ id }) => id),
    );
  });
}
