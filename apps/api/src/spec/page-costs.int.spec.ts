import { fileURLToPath } from 'node:url';
import { getOperationAST, OperationTypeNode, parse } from 'graphql';
import { addOrganization, type Store } from '@isthmus/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSchema } from '../graphql/schema.js';
import { postgres } from './api.fixture.js';
import { callerWith, startOperations } from './isolation.fixture.js';
import { FIRST, plantMany } from './page-costs.fixture.js';
import { StatementCount } from './topology.fixture.js';

/** The documents of the web console, by the name of their operation, as it sends them. */
async function consoleQueries(): Promise<[string, string][]> {
  const folder = fileURLToPath(new URL('../../../console', import.meta.url));
  const { consoleDocuments } = (await import(/* @vite-ignore */ `${folder}/documents.mjs`)) as {
    consoleDocuments: (folder: string) => Record<string, string>;
  };
  const isQuery = (text: string): boolean => getOperationAST(parse(text))?.operation === OperationTypeNode.QUERY;
  return Object.entries(consoleDocuments(`${folder}/src`)).filter(([, text]) => isQuery(text));
}

/** What pages ask with; a query that is not here needs no variables. */
const VARIABLES: Readonly<Record<string, readonly object[]>> = {
  AuditLog: [{ first: 100 }],
  FurtherRows: ['Cluster', 'GlobalNamespace'].map((kind) => ({
    ...{ kind, ...FIRST, first: 100, history: true, services: true, targets: true, namespaces: true, revisions: true },
  })),
  HeldRemovals: [{ first: 100 }],
  Home: [{ first: 100 }],
  Issues: [{ first: 100 }],
  Sessions: [{ all: true }],
  Onboarding: [{ cluster: FIRST.name, isKnown: true }],
  Places: [{ kind: 'Cluster', permissions: ['agents.write'] }],
  Rendered: ['Cluster', 'GlobalNamespace'].map((kind) => ({ kind, ...FIRST })),
  RenderedPlaces: ['Cluster', 'GlobalNamespace'].map((kind) => ({ kind, ...FIRST, search: '' })),
  Edited: [{ kind: 'GlobalNamespace', ...FIRST }],
  Resources: ['Cluster', 'GlobalNamespace', 'TrafficPolicy'].map((kind) => ({
    ...{ kind, kinds: [kind] },
    first: 100,
    whole: kind === 'Cluster',
  })),
  Resource: ['Cluster', 'GlobalNamespace', 'SloPolicy'].map((kind) => ({
    ...{ kind, ...FIRST, issueKind: kind, rendered: kind !== 'SloPolicy' },
  })),
  ResourceNames: [{ kind: 'Cluster', filter: {} }],
  Subjects: [{ text: 'n', first: 51, people: true, groups: true, programs: true, tokens: true }],
  ServiceNames: [{ filter: {} }],
  Revisions: [{ gns: FIRST.name, project: FIRST.project, from: 1, to: 1 }],
  Roles: [{ first: 100, whole: true }],
  ServiceAccount: [{ name: `zzown${FIRST.name}` }],
  Service: [{ gns: FIRST.name, ...FIRST }],
  Find: [{ first: 100, search: 'n' }],
  Objectives: [{ first: 100 }],
  Tokens: [{ first: 100 }],
  Topology: ['Cluster', 'GlobalNamespace'].flatMap((kind) => [
    { kind, ...FIRST, whole: true, of: '', hasOf: false },
    { kind, ...FIRST, whole: false, of: 'none', hasOf: true },
  ]),
  TopologySubjects: [{ first: 100 }],
  Membership: [{ project: FIRST.project, spec: { domain: 'x.example', members: [{ services: { names: ['cart'] } }] } }],
};

const queries = await consoleQueries();
const FEW = 2;
const MANY = 20;
/** Reads of one answer share a transaction, or begin another one where they come a moment later; an extra one has these statements. */
const A_TRANSACTION = 4;

postgres.suite('pages of the web console', () => {
  let store: Store;
  let operations: Awaited<ReturnType<typeof startOperations>>;
  let count: StatementCount;
  beforeAll(async () => {
    count = new StatementCount();
    let url = '';
    ({ store, url } = await postgres.freshStore());
    for (const [org, of] of [
      ['few', FEW],
      ['many', MANY],
    ] as const) {
      await addOrganization(url, { id: org, displayName: org });
      await plantMany(store, org, of);
    }
    operations = await startOperations(store, buildSchema());
  });
  afterAll(async () => {
    await operations.close();
    await store.close();
    count.end();
  });

  const cost = async (org: string, grant: string, [query, variables]: readonly [string, object]) => {
    let answer = '';
    const statements = await count.of(async () => {
      const { data, errors } = await operations.run(callerWith(org, grant), query, variables);
      expect(errors?.map(({ message }) => message)).toBeUndefined();
      answer = JSON.stringify(data);
    });
    return { statements, answer };
  };

  it('are asked for with variables that are theirs: every query of the console is here', () => {
    const withVariables = queries.filter(([, text]) => /^query \w+\(/.test(text)).map(([name]) => name);
    expect(withVariables.sort()).toEqual(Object.keys(VARIABLES).sort());
  });

  const cases = queries.flatMap(([name, text]) =>
    (VARIABLES[name] ?? [{}]).map((variables): [string, string, object] => [name, text, variables]),
  );

  it.each(cases)('%s costs as many statements for twenty rows as for two', async (name, text, variables) => {
    for (const grant of ['Owner', `Admin@PROJECT:${FIRST.project}`]) {
      if (grant !== 'Owner' && MANAGERS.includes(name)) continue;
      const few = await cost('few', grant, [text, variables]);
      const many = await cost('many', grant, [text, variables]);
      expect(many.statements, `${name} of ${grant}`).toBeLessThanOrEqual(few.statements + A_TRANSACTION);
      if (grant === 'Owner' && LISTS.includes(name))
        expect(many.answer.length / few.answer.length, `what ${name} answers`).toBeGreaterThan(3);
    }
  });
});

/** Refused to those who hold a role in one project alone. */
const MANAGERS = ['People', 'Sessions', 'Tokens', 'Roles', 'ServiceAccounts', 'ServiceAccount', 'Membership'];
/** Answers that grow with the rows: with an empty list nothing would be proved. */
const LISTS = ['Home', 'Issues', 'HeldRemovals', 'Objectives', 'People', 'Sessions', 'ServiceAccounts', 'Resources'];
