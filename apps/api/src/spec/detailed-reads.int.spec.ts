import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESOURCE_KINDS } from '@isthmus/domain';
import type { Store } from '@isthmus/store';
import { buildSchema } from '../graphql/schema.js';
import { hashToken } from '../auth/api-token.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';
import { QUERIES } from './isolation.cases.js';
import { callerWith, startOperations } from './isolation.fixture.js';
import { plant, type Place } from './isolation.world.js';

const schema = buildSchema();
type Field = GraphQLField<unknown, unknown>;

/** Every field of a type that needs no argument, and of what they lead to, so deep. */
function everythingOf(type: GraphQLNamedType, depth: number): string {
  if (isLeafType(type)) return '';
  if (isAbstractType(type)) {
    const each = schema.getPossibleTypes(type).map((one) => `... on ${one.name} ${everythingOf(one, depth)}`);
    return `{ __typename ${each.join(' ')} }`;
  }
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  const told = fields
    .filter(({ args }) => !args.some(isRequiredArgument))
    .map((field) => fieldText(type.name, field, depth));
  return `{ __typename ${told.join(' ')} }`;
}

/** Fields of one name have different types in different objects: each is asked for under a name of its own. */
function fieldText(owner: string, { name, args, type }: Field, depth: number): string {
  const named = getNamedType(type);
  if (!isLeafType(named) && depth === 0) return '';
  const page = args.some((arg) => arg.name === 'first') ? '(first: 3)' : '';
  return `${owner}_${name}: ${name}${page} ${everythingOf(named, depth - 1)}`;
}

/** What a root query leads to. */
function detailed(name: string, place: Place): string {
  const field = (schema.getQueryType() as GraphQLObjectType).getFields()[name];
  const text = QUERIES[name]?.(place) ?? '';
  const args = /^\((?:[^()"]|"(?:[^"\\]|\\.)*")*\)/.exec(text)?.[0] ?? '';
  return field === undefined ? '' : `{ ${name}${args} ${everythingOf(getNamedType(field.type), 3)} }`;
}

/** Lists of one kind lead to what the read of one leads to. */
const READS = Object.keys(QUERIES).filter((name) => {
  const type = schema.getQueryType()?.getFields()[name]?.type;
  return !RESOURCE_KINDS.some((kind) => type !== undefined && getNamedType(type).name === `${kind}Connection`);
});

describe('what answers can hold', () => {
  const SHOWN_ONCE = ['CreateApiTokenOk.secret', 'CreateEnrolmentTokenOk.secret', 'CreateAgentManifestOk.manifest'];
  const NO_SECRETS = [
    'Actor.tokenName',
    'ApiToken.prefix',
    'AuditRecord.tokenId',
    'AuditSeal.hash',
    'AuditSeal.rowsHash',
    'Hold.heldSetHash',
    'Viewer.tokenName',
    'CreateApiTokenOk.apiToken',
    'Query.auditSealKeys',
    'Query.apiTokens',
    'Query.personalTokens',
    'ServiceAccount.tokens',
  ];

  it('is no secret in any field, but those that are shown once, when they are made', () => {
    const named = Object.values(schema.getTypeMap())
      .filter(
        (type) =>
          isObjectType(type) && !/^(__|Mutation$)/.test(type.name) && !/(Connection|Edge|Result)$/.test(type.name),
      )
      .flatMap((type) =>
        Object.values((type as GraphQLObjectType).getFields()).map(({ name }) => `${type.name}.${name}`),
      );
    const suspicious = named.filter((name) =>
      /secret|token|password|credential|key|hash|manifest$|sealed$|prefix/i.test(name.split('.')[1] ?? ''),
    );
    expect(suspicious.filter((name) => ![...SHOWN_ONCE, ...NO_SECRETS].includes(name))).toEqual([]);
  });
});

postgres.suite('detailed reads', () => {
  let store: Store;
  let operations: Awaited<ReturnType<typeof startOperations>>;
  let place: Place;
  beforeAll(async () => {
    ({ store } = await postgres.freshStore());
    operations = await startOperations(store, schema);
    place = await plant(store, { org: 'default', project: 'payments', name: 'x', mark: 'zzown' });
    await plant(store, { org: 'default', project: 'search', name: 'hush', mark: 'zzhush' });
    await plantCredentials(store, place);
  });
  afterAll(async () => {
    await operations.close();
    await store.close();
  });

  it.each(['Admin@PROJECT:payments', 'Viewer@GLOBAL_NAMESPACE:payments/x'])(
    'of %s show no credential, and nothing of another project',
    { timeout: 60_000 },
    async (grant) => {
      const viewer = callerWith('default', grant);
      const shown: string[] = [];
      for (const name of READS) {
        const answer = JSON.stringify(await operations.run(viewer, detailed(name, place)));
        expect(answer).not.toContain('went wrong');
        expect(answer).not.toMatch(/Syntax Error|Cannot query field/);
        if (answer.includes('zzown')) shown.push(name);
        for (const secret of ['planted', 'zzhush']) expect([name, answer.includes(secret)]).toEqual([name, false]);
      }
      expect(shown.length).toBeGreaterThan(0);
    },
  );

  it('of an owner show the other project, and no credential either', { timeout: 60_000 }, async () => {
    let hush = 0;
    for (const name of READS) {
      const answer = JSON.stringify(await operations.run(callerWith('default', 'Owner'), detailed(name, place)));
      expect([name, answer.includes('planted')]).toEqual([name, false]);
      if (answer.includes('zzhush')) hush += 1;
    }
    expect(hush).toBeGreaterThan(5);
  });
});

const WIDE = { depth: 50, aliases: 1_000_000, cost: 1_000_000_000, mutations: 20 };

const MAKE = {
  program: 'mutation { it: createServiceAccount(input: {name: "ci"}) { ok { id } } }',
  grant: (id: string) =>
    `mutation { it: grantRole(input: {subjectKind: SERVICE_ACCOUNT, subject: "${id}", role: "Admin", scope: {kind: PROJECT, name: "payments"}}) { error { code } } }`,
  token: (id: string) =>
    `mutation { it: createServiceAccountToken(input: {serviceAccountId: "${id}", name: "ci", role: "Admin", project: "payments"}) { ok { secret } error { code } } }`,
  own: 'mutation { it: createApiToken(input: {name: "own", role: VIEWER}) { ok { secret } error { code } } }',
  enrolment: 'mutation { it: createEnrolmentToken(input: {cluster: "x"}) { ok { secret } error { code } } }',
};

postgres.suite('detailed reads over HTTP, by the token of a program in one project', () => {
  let api: TestApi;
  let place: Place;
  beforeAll(async () => {
    api = await startTestApi({ limits: WIDE, rateLimits: { organization: 100_000, caller: 100_000 } });
    place = await plant(api.store, { org: 'default', project: 'payments', name: 'x', mark: 'zzown' });
    await plant(api.store, { org: 'default', project: 'search', name: 'hush', mark: 'zzhush' });
    await plantCredentials(api.store, place);
  });
  afterAll(() => api.close());

  const made = async (text: string) => (await api.send(text)).body.data.it.ok;

  it(
    'show no credential, also none that was made a moment ago, and nothing of another project',
    { timeout: 120_000 },
    async () => {
      const { id } = await made(MAKE.program);
      expect((await api.send(MAKE.grant(id))).body.data.it.error).toBeNull();
      const { secret: token } = await made(MAKE.token(id));
      const others = [(await made(MAKE.own)).secret, (await made(MAKE.enrolment)).secret];
      expect(others.map((secret: string) => secret.length > 20)).toEqual([true, true]);
      const hidden = ['planted', 'zzhush', token, hashToken(token), ...others, ...others.map(hashToken)];
      const shown: string[] = [];
      for (const name of READS) {
        const { status, text } = await asked(api.url, token, detailed(name, place));
        expect([name, status]).toEqual([name, 200]);
        expect(text).not.toMatch(/went wrong|Syntax Error|Cannot query field|LIMIT_EXCEEDED/);
        for (const secret of hidden) expect([name, text.includes(secret)]).toEqual([name, false]);
        if (text.includes('zzown')) shown.push(name);
      }
      expect(shown.length).toBeGreaterThan(5);
    },
  );
});

async function asked(url: string, token: string, query: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return { status: response.status, text: await response.text() };
}

/** Everything that the store keeps of credentials, marked: hashes and sealed texts are nobody's to read either. */
async function plantCredentials(store: Store, { account, ids }: Place): Promise<void> {
  const expiresAt = new Date(Date.now() + 3_600_000);
  const cluster =
    Buffer.from(ids['Cluster'] ?? '', 'base64url')
      .toString()
      .split('\n')[1] ?? '';
  await store.withTenant('default', async (tx) => {
    await tx.enrolments.create({ cluster, secretHash: 'planted-enrolment', expiresAt, renews: false });
    await tx.manifests.create({
      cluster,
      idHash: 'planted-manifest',
      sealed: Buffer.from('planted-sealed'),
      reads: 3,
      expiresAt,
    });
    const owner = account?.id ?? '';
    await tx.userSessions.create({
      ...{ hash: 'planted-session', kind: 'CLI', account: owner, grant: undefined, device: 'laptop', ip: '' },
      ...{ idleMs: 3_600_000, expiresAt },
    });
    await tx.tokens.create({
      ...{ prefix: 'isth_abc', hash: 'planted-token', name: 'ci', role: 'viewer', ownerKind: 'USER', owner },
    });
    await tx.localAdmins.put({ name: 'door', passwordHash: 'planted-password', totpSealed: 'planted-totp', expiresAt });
  });
}
