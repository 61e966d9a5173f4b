import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLIENT, TestBrowser } from '@isthmus/api/spec';
import { hashCredential, localKeyEncryption, parseKeys, readSecretFile, type KeyEncryption } from '@isthmus/platform';
import { createStore, type Store } from '@isthmus/store';
import { testPostgres } from '@isthmus/testing';
import { eventually } from '../agent-path/directory-agent.fixture.js';
import { startWhole, type Whole } from './whole.fixture.js';
import { dumpOf, Witness } from './witness.fixture.js';

const postgres = await testPostgres();
const planted = (what: string): string => `planted-${what}-${randomBytes(18).toString('hex')}`;
const literal = (value: unknown): string => JSON.stringify(value);
const SECRET = /"secret":"([^"]+)"/;

/** The enrolment token in a manifest. */
function tokenIn(manifest: string): string {
  return Buffer.from(/\n {2}"?token"?: "?([A-Za-z0-9+/=]{40,})/.exec(manifest)?.[1] ?? '', 'base64').toString();
}

/** Drops every connection to the database but one's own. */
async function dropConnections(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await client.end();
}

/** What the door for enrolment answers. */
function knock(gateway: string, ca: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = https.request(`${gateway}/enrol`, { method: 'POST', ca }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
    request.end(body);
  });
}

postgres.suite('secrets that were planted', () => {
  const witness = new Witness();
  let databaseUrl = '';
  let whole: Whole;
  let store: Store;
  let admin = '';

  beforeAll(async () => {
    databaseUrl = await postgres.freshDatabase();
    witness.plant('the password of the database', new URL(databaseUrl).password);
    whole = await startWhole(databaseUrl, witness);
    witness.plant('the key that seals', whole.secretsKeys);
    witness.plant('the token for metrics', whole.metricsToken);
    witness.plant('the client secret', CLIENT.secret);
    store = createStore({ connectionString: databaseUrl });
    const data = join(whole.home, 'data');
    admin = witness.plant('the first token', (await readFile(join(data, 'admin-token'), 'utf8')).trim());
    whole.idp.people.set('ada', { name: 'Ada', email: 'ada@example.com', groups: ['admins'] });
  });
  afterAll(async () => {
    await store?.close();
    await whole?.close();
  });

  /** One request; its answer is looked at, without what it is meant to show. */
  const ask = async (path: string, init: RequestInit = {}, meant: (text: string) => string[] = () => []) => {
    const response = await fetch(`${whole.url}${path}`, { redirect: 'manual', ...init });
    const text = await response.text();
    witness.see('answers over HTTP', `${text}${JSON.stringify([...response.headers])}`, meant(text));
    return { status: response.status, text };
  };
  const send = async (
    query: string,
    { token = admin, variables = {} }: { token?: string; variables?: object } = {},
    meant: (text: string) => string[] = () => [],
  ) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify({ query, variables });
    return (await ask('/graphql', { method: 'POST', headers, body }, meant)).text;
  };
  /** An operation that shows a secret once: it is planted from then on. */
  const made = async (...[what, query, pattern = SECRET, token = admin]: [string, string, RegExp?, string?]) => {
    const secret = (text: string) => pattern.exec(text)?.[1] ?? '';
    const text = await send(query, { token }, (answer) => [secret(answer)]);
    if (secret(text) === '') throw new Error(`${what} was not made: ${text}`);
    return witness.plant(what, secret(text));
  };
  const apply = (documents: string) =>
    send(
      `mutation { applyResources(input: {documents: ${literal(documents)}}) { ok { issues { message hint path } } error { code message issues { code path message hint } } } }`,
    );
  const resource = (kind: string, name: string, spec: object): string =>
    literal({ apiVersion: 'isthmus.dev/v1alpha1', kind, metadata: { name }, spec });

  it('of tokens: good, revoked, unknown, in the wrong place', async () => {
    const token = await made(
      'an API token',
      'mutation { createApiToken(input: {name: "ci", role: ADMIN}) { ok { secret apiToken { id } } } }',
    );
    const own = await send('{ apiTokens { nodes { id name prefix } } viewer { actor } }', { token });
    const id = (
      JSON.parse(own) as { data: { apiTokens: { nodes: { id: string; name: string }[] } } }
    ).data.apiTokens.nodes.find(({ name }) => name === 'ci')?.id;
    await send(`mutation { revokeApiToken(input: {tokenId: ${literal(id)}}) { ok { name } } }`);
    expect(await send('{ viewer { actor } }', { token })).toContain('UNAUTHENTICATED');
    const account = await send('mutation { createServiceAccount(input: {name: "ci"}) { ok { id } } }');
    const accountId = /"id":"([^"]+)"/.exec(account)?.[1] ?? '';
    const ofProgram = await made(
      'a token of a service account',
      `mutation { createServiceAccountToken(input: {serviceAccountId: ${literal(accountId)}, name: "ci", role: "Viewer"}) { ok { secret } } }`,
    );
    await send('{ viewer { actor } }', { token: ofProgram });
    await send(`mutation { disableServiceAccount(input: {serviceAccountId: ${literal(accountId)}}) { ok { id } } }`);
    expect(await send('{ viewer { actor } }', { token: ofProgram })).toContain('UNAUTHENTICATED');
    const unknown = witness.plant('a token that nobody has', `isth_${randomBytes(32).toString('base64url')}`);
    await send('{ viewer { actor } }', { token: unknown });
    await ask(`/graphql?access_token=${unknown}`, {
      headers: { cookie: `isthmus-session=${unknown}`, authorization: unknown },
    });
    await ask(`/manifests/${unknown}`);
    await ask('/metrics', { headers: { authorization: `Bearer ${unknown}` } });
    await ask('/metrics', { headers: { authorization: `Bearer ${whole.metricsToken}` } });
  });

  it('of operations that fail: variables, documents and texts that are refused', async () => {
    const value = witness.plant('a value of a wrong type', planted('value'));
    await send('mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { ok { secret } } }', {
      variables: { input: { name: 'x', role: 'ADMIN', password: value } },
    });
    const key = witness.plant('a private key in a policy', randomBytes(32).toString('base64url'));
    const issuers = (more: object) => ({
      targets: [{ globalNamespace: 'shop' }],
      issuers: [{ issuer: 'https://a.example', ...more }],
    });
    const jwks = literal({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'abc', d: key }] });
    expect(await apply(resource('AuthenticationPolicy', 'keys', issuers({ jwks })))).toContain('ISM0897');
    const inAddress = witness.plant('a password in an address of keys', planted('jwks'));
    expect(
      await apply(
        resource('AuthenticationPolicy', 'uri', issuers({ jwksUri: `https://me:${inAddress}@a.example/keys` })),
      ),
    ).toContain('ISM0897');
    const inSecret = witness.plant('a Secret among documents', planted('secret'));
    await apply(`apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: ${inSecret}}\n`);
    await apply(`apiVersion: v1\nkind: Secret\nmetadata: {name: db\nstringData: {password: ${inSecret}}\n  broken: [`);
    const inProxy = witness.plant('a password in the address of a proxy', planted('proxy'));
    const manifest = (input: string) =>
      send(
        `mutation { createAgentManifest(input: {cluster: "east", ${input}}) { ok { manifest } error { code message issues { code path message hint } } } }`,
      );
    expect(await apply(resource('Cluster', 'east', { mesh: { kind: 'istio' } }))).toContain('"error":null');
    expect(await manifest(`httpsProxy: "http://me:${inProxy}@proxy:3128"`)).toContain('ISM0533');
    expect(await manifest(`prometheusUrl: "http://me:${inProxy}@prometheus:9090"`)).toContain('"ok":null');
  });

  it('of agents: manifests, enrolment, and doors that refuse', async () => {
    const path = await made(
      'the path of a manifest',
      'mutation { createAgentManifest(input: {cluster: "east", byUrl: true}) { ok { path } } }',
      /"path":"([^"]+)"/,
    );
    witness.plant('the id of a manifest', /[\w-]{20,}/.exec(path)?.[0] ?? '');
    for (const at of [path, path, `${path}x`]) {
      const { text } = await ask(at, {}, (yaml) => [yaml]);
      if (text.includes('kind: Secret')) witness.plant('the token in a fetched manifest', tokenIn(text));
    }
    const manifest = await send(
      'mutation { createAgentManifest(input: {cluster: "east"}) { ok { manifest } } }',
      {},
      (text) => [text],
    );
    witness.plant(
      'the token in a manifest',
      tokenIn(
        (JSON.parse(manifest) as { data: { createAgentManifest: { ok: { manifest: string } } } }).data
          .createAgentManifest.ok.manifest,
      ),
    );
    const token = await made(
      'an enrolment token',
      'mutation { createEnrolmentToken(input: {cluster: "east"}) { ok { secret gatewayCa } } }',
    );
    const ca = (
      JSON.parse(await send('mutation { createEnrolmentToken(input: {cluster: "east"}) { ok { gatewayCa } } }')) as {
        data: { createEnrolmentToken: { ok: { gatewayCa: string } } };
      }
    ).data.createEnrolmentToken.ok.gatewayCa;
    await writeFile(join(whole.home, 'ca.pem'), ca);
    const stop = whole.runAgent(token);
    await eventually(
      async () =>
        (await send('{ cluster(name: "east") { agent { connected } } }')).includes('"connected":true') || undefined,
      'the agent connects',
      30_000,
    );
    await stop();
    const state = join(whole.home, 'agent', 'state');
    for (const file of await readdir(state)) {
      const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----\n?/.exec(
        (await readFile(join(state, file), 'utf8').catch(() => '')).replaceAll('\\n', '\n'),
      )?.[0];
      if (key !== undefined) witness.plant('the key of an agent', key);
    }
    expect(witness.planted).toContain('the key of an agent');
    for (const body of [
      literal({ token, request: 'x', clusterUid: 'y' }),
      `{"token":"${token}`,
      literal({ token: [token] }),
    ])
      witness.see('answers over HTTP', await knock(whole.gateway, ca, body));
  });

  it('of links that sign in once: used, and used again', async () => {
    const headers = { authorization: `Bearer ${admin}` };
    const link = (text: string): string => /link=([\w-]{20,})/.exec(text)?.[1] ?? '';
    const { text, status } = await ask('/auth/loopback', { method: 'POST', headers }, (answer) => [link(answer)]);
    expect(status).toBe(201);
    const secret = witness.plant('a link that signs in once', link(text));
    const cookieIn = (answer: Response): string =>
      /isthmus-session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
    const entered = await fetch(`${whole.url}/auth/loopback?link=${secret}`, { redirect: 'manual' });
    expect(entered.status).toBe(303);
    witness.plant('the cookie of a session by link', cookieIn(entered));
    expect((await ask(`/auth/loopback?link=${secret}`)).status).toBe(403);
  });

  it('of a sign-in that is still open: what its code and its token are tied to', async () => {
    const { headers } = await fetch(`${whole.url}/auth/login/corp`, { redirect: 'manual' });
    const nonce = new URL(headers.get('location') ?? '').searchParams.get('nonce') ?? '';
    expect(nonce.length).toBeGreaterThan(20);
    witness.plant('the nonce of a sign-in', nonce);
  });

  it('of people: signing in, being refused, a command line, the local door', async () => {
    const browser = new TestBrowser();
    whole.idp.signIn('ada');
    const back = (await browser.visit(`${whole.url}/auth/login/corp`, /\/auth\/callback\//)).url;
    const wrong = new URL(back);
    wrong.searchParams.set('code', witness.plant('a code that is wrong', planted('code')));
    await ask(`${wrong.pathname}${wrong.search}`);
    await browser.ask(back);
    const cookie = witness.plant('the cookie of a session', browser.cookies(whole.url).get('isthmus-session') ?? '');
    witness.plant('the code of a sign-in', new URL(back).searchParams.get('code') ?? '');
    witness.see(
      'answers over HTTP',
      literal((await browser.query(whole.url, '{ viewer { name } sessions { id device } }')).body),
    );
    witness.see('answers over HTTP', await (await browser.ask(`${whole.url}/auth`)).text());
    const post = (at: string, fields: Record<string, string>, meant?: (text: string) => string[]) =>
      ask(at, { method: 'POST', body: new URLSearchParams(fields) }, meant);
    const begun = await post('/auth/device/code', { client_id: 'isthmus-cli', device: 'laptop' }, (text) => [text]);
    const { device_code: device = '', user_code: user = '' } = JSON.parse(begun.text) as Record<string, string>;
    witness.plant('the code of a command line', device);
    await browser.submit(`${whole.url}/auth/device`, { user_code: user, decision: 'approve' });
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: device };
    const entered = await post('/auth/token', grant, (text) => [text]);
    const session = witness.plant(
      'the session of a command line',
      (JSON.parse(entered.text) as { access_token: string }).access_token,
    );
    await post('/auth/token', grant);
    await send('{ viewer { name } }', { token: session });
    await made(
      'a personal token',
      'mutation { createPersonalToken(input: {name: "mine", role: "Viewer"}) { ok { secret } } }',
      SECRET,
      session,
    );
    await post('/auth/back-channel/corp', {
      logout_token: witness.plant('a forged logout token', `${planted('jwt')}.${planted('a')}.${planted('b')}`),
    });
    whole.idp.issued.forEach((token, index) => witness.plant(`token ${index} of the provider`, token));
    whole.idp.setAway(true);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await new TestBrowser().ask(`${whole.url}/auth/login/corp`);
    whole.idp.setAway(false);
    await browser.submit(`${whole.url}/auth/logout`);
    expect(
      (await browser.query(whole.url, '{ viewer { name } }', { cookie: `isthmus-session=${cookie}` })).status,
    ).toBe(401);
    await localDoor(post);
  });

  async function localDoor(post: (at: string, fields: Record<string, string>) => Promise<unknown>): Promise<void> {
    const password = witness.plant('the password of the local administrator', planted('password'));
    const { uri, ...stored } = await hashCredential('break-glass', { password, codes: true, logCost: 4 });
    witness.plant('the secret of one-time codes', new URL(uri ?? '').searchParams.get('secret') ?? '');
    await store.withTenant('default', (tx) =>
      tx.localAdmins.put({ name: 'break-glass', ...stored, expiresAt: new Date('2099-01-01') }),
    );
    const guess = witness.plant('a password that is wrong', planted('guess'));
    for (const tried of [guess, password])
      await new TestBrowser().submit(`${whole.url}/auth/local`, {
        return_to: '/auth',
        name: 'break-glass',
        password: tried,
        code: '',
      });
    await post('/auth/local', { name: 'break-glass', password });
  }

  it('of starts that fail: settings, database, keys', async () => {
    const url = new URL(databaseUrl);
    url.password = witness.plant('a password of the database that is wrong', planted('database'));
    const key = witness.plant('a key of a wrong length', randomBytes(31).toString('base64'));
    const wrong: Record<string, string>[] = [
      { DATABASE_URL: url.href },
      { DATABASE_URL: url.href.replace('postgresql:', 'mysql:') },
      { DATABASE_URL: `postgresql://me:${url.password}@:x/` },
      { SECRETS_KEYS: `first:${key}` },
      { SECRETS_KEYS: key },
      { SECRETS_KEYS: `other:${witness.plant('a key of others', randomBytes(32).toString('base64'))}` },
      { SIGN_IN_FILE: join(whole.home, 'client-secret') },
      { METRICS_TOKEN: witness.plant('a token that is too short', randomBytes(6).toString('hex')) },
    ];
    for (const variables of wrong) witness.see('errors at start', await whole.startWrongly(variables));
  });

  it('of the private keys at rest, which lie sealed', async () => {
    const parsed = parseKeys(`first:${whole.secretsKeys}`);
    const keys: KeyEncryption | undefined = parsed.ok ? localKeyEncryption(parsed.keys) : undefined;
    const data = join(whole.home, 'data');
    let sealed = 0;
    for (const name of await readdir(data, { recursive: true })) {
      const file = join(data, name);
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text === undefined || name.endsWith('admin-token')) continue;
      witness.see('files', text);
      const secret = await readSecretFile(file, keys).catch(() => undefined);
      if (secret === undefined || secret === text) continue;
      sealed += 1;
      witness.plant(`the key in ${name}`, secret);
    }
    expect(sealed).toBeGreaterThanOrEqual(3);
  });

  it('are found nowhere: not in logs, answers, the audit log, the database, or errors', async () => {
    await dropConnections(databaseUrl);
    await eventually(
      async () => (await send('{ viewer { actor } }')).includes('token:') || undefined,
      'the API is back',
    );
    let after = 'null';
    do {
      const page = await send(
        `{ auditLog(first: 100, after: ${after}) { nodes { actor action before after requestId tokenId ip name subjectId } pageInfo { endCursor hasNextPage } } }`,
      );
      witness.see('the audit log', page);
      const { endCursor, hasNextPage } = (
        JSON.parse(page) as { data: { auditLog: { pageInfo: { endCursor: string; hasNextPage: boolean } } } }
      ).data.auditLog.pageInfo;
      after = hasNextPage ? literal(endCursor) : '';
    } while (after !== '');
    witness.see('the database', await dumpOf(databaseUrl));
    const sources = [
      'the log of the API',
      'the log of the worker',
      'the log of the agent',
      'answers over HTTP',
      'the audit log',
      'the database',
      'errors at start',
      'files',
    ];
    for (const source of sources) expect([source, (witness.sizes.get(source) ?? 0) > 200]).toEqual([source, true]);
    expect(witness.planted.length).toBeGreaterThanOrEqual(35);
    expect(witness.found()).toEqual([]);
  });

  it('would be found, in the clear and in base64', () => {
    const other = new Witness();
    const secret = other.plant('one', planted('one'));
    for (const text of [secret, Buffer.from(`x${secret}y`).toString('base64'), Buffer.from(secret).toString('hex')]) {
      const seen = new Witness();
      seen.plant('one', secret);
      seen.see('here', `before ${text} after`);
      expect(seen.found()).toEqual(['one in here']);
    }
  });
});
