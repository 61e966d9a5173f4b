import { createClient } from 'graphql-ws';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createStore } from '@isthmus/store';
import { documentId, persistedDocuments } from '../graphql/persisted-documents.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const LISTED = '{ viewer { role } }';
const PROJECTS = 'query Projects($first: Int) { projects(first: $first) { nodes { name } } }';
const LIST = { [documentId(LISTED)]: LISTED, [documentId(PROJECTS)]: PROJECTS };

postgres.suite('the edge of the API', () => {
  const apis: TestApi[] = [];
  const started = async (options: Parameters<typeof startTestApi>[0]): Promise<TestApi> => {
    const api = await startTestApi(options);
    apis.push(api);
    return api;
  };
  let api: TestApi;
  beforeAll(async () => {
    api = await started({ documents: persistedDocuments(LIST, 'any') });
  });
  afterAll(async () => {
    for (const one of apis) await one.close();
  });

  const post = (at: TestApi, body: unknown, path = '/graphql') =>
    fetch(`${at.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${at.tokens.viewer}` },
      body: JSON.stringify(body),
    });
  const answer = async (response: Response) => ({ status: response.status, body: await response.json() });
  const overSocket = (at: TestApi, token: string) =>
    createClient({
      url: `${at.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });

  it('answers 429 with the time to wait to a caller that asks too often, over HTTP and WebSocket, and to no other', async () => {
    const busy = await started({ rateLimits: { organization: 100, caller: 1 / 60, windowSeconds: 600 } });
    const statuses: number[] = [];
    for (let index = 0; index < 10; index += 1) statuses.push((await post(busy, { query: LISTED })).status);
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 200));
    for (const path of ['/graphql', '/graphql/stream']) {
      const refused = await post(busy, { query: LISTED }, path);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    }
    const client = overSocket(busy, busy.tokens.viewer);
    await expect(client.iterate({ query: LISTED }).next()).rejects.toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) as number } },
    ]);
    await client.dispose();
    expect((await busy.send(LISTED)).status).toBe(200);
  });

  it('runs a document that is named by its hash, by POST, GET and WebSocket', async () => {
    const variables = { first: 1 };
    const id = documentId(PROJECTS);
    expect(await answer(await post(api, { documentId: id, variables }))).toMatchObject({
      status: 200,
      body: { data: {} },
    });
    const search = new URLSearchParams({ documentId: id, variables: JSON.stringify(variables) });
    const got = await fetch(`${api.url}/graphql?${search.toString()}`, {
      headers: { authorization: `Bearer ${api.tokens.viewer}` },
    });
    expect(await answer(got)).toMatchObject({
      status: 200,
      body: { data: { projects: { nodes: [{ name: 'default' }] } } },
    });
    const client = overSocket(api, api.tokens.viewer);
    const run = (extensions: Record<string, unknown>, query = '') => client.iterate({ query, extensions }).next();
    expect((await run({ documentId: documentId(LISTED) })).value).toMatchObject({ data: { viewer: {} } });
    await expect(run({ documentId: documentId('{ a }') })).rejects.toMatchObject([
      { message: expect.stringContaining('has no document') as string },
    ]);
    await expect(run({ documentId: documentId(LISTED) }, LISTED)).rejects.toMatchObject([
      { message: expect.stringContaining('exclude') as string },
    ]);
    await client.dispose();
  });

  it.each([
    [{ documentId: documentId('{ a }') }, /has no document/],
    [{ documentId: 5 }, /must be a text/],
    [{ documentId: documentId(LISTED), query: LISTED }, /exclude each other/],
  ])('refuses %j', async (body, message) => {
    expect(await answer(await post(api, body))).toMatchObject({
      status: 400,
      body: { errors: [{ message: expect.stringMatching(message) as string }] },
    });
  });

  it('runs only what is listed where that is the policy, also introspection and subscriptions', async () => {
    const closed = await started({ documents: persistedDocuments(LIST, 'persisted') });
    for (const query of [
      '{ __schema { queryType { name } } }',
      `${LISTED} `,
      'subscription { clusterChanged { uid } }',
    ])
      expect((await closed.send(query)).body.errors?.map(({ extensions }) => extensions['code'])).toEqual([
        'DOCUMENT_NOT_LISTED',
      ]);
    expect((await closed.send(LISTED)).body.errors).toBeUndefined();
    const client = overSocket(closed, closed.tokens.viewer);
    await expect(client.iterate({ query: 'subscription { clusterChanged { uid } }' }).next()).rejects.toMatchObject([
      { extensions: { code: 'DOCUMENT_NOT_LISTED' } },
    ]);
    await client.dispose();
  });

  it('tells nobody the schema who is not signed in', async () => {
    const response = await fetch(`${api.url}/graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D`);
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain('queryType');
  });

  it('sends the headers that keep browsers from guessing, framing and leaking', async () => {
    const { headers } = await post(api, { query: LISTED });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d+/);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets Postgres end a statement for its time, and takes the next one', async () => {
    const { url } = await postgres.freshStore();
    const [holder, store] = [
      createStore({ connectionString: url }),
      createStore({ connectionString: url, statementTimeoutMs: 1500 }),
    ];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let locked = (): void => undefined;
    const hasLock = new Promise<void>((resolve) => (locked = resolve));
    const holding = holder.withTenant('default', async (tx) => {
      await tx.lock('spec');
      locked();
      await held;
    });
    await hasLock;
    await expect(store.withTenant('default', (tx) => tx.lock('spec'))).rejects.toThrow(/statement timeout/);
    release();
    await holding;
    expect(await store.withTenant('default', (tx) => tx.lock('spec').then(() => 'held'))).toBe('held');
    await holder.close();
    await store.close();
  });

  /** Messages of graphql-transport-ws and what looks like them. */
  const messages = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.json({ maxDepth: 3 }),
    fc
      .record({
        type: fc.constantFrom('subscribe', 'complete', 'next', 'error', 'ping', 'pong', 'connection_init', '__proto__'),
        id: fc.constantFrom<unknown>('a', 'b', '', 1, null, '__proto__', { toString: 1 }),
        payload: fc.constantFrom<unknown>(
          ...[null, 1, [], '', { query: 1 }, { query: '{' }, { query: 'mutation { x }', variables: [] }, {}],
          { query: '{ viewer { role } }', variables: { __proto__: null }, operationName: 5 },
          { query: 'subscription { resourceChanged { uid } }', extensions: { documentId: '__proto__' } },
          { query: 'subscription { __proto__ constructor toString }' },
          { query: 'mutation { deleteResource(input: {kind: Project, name: "default"}) { ok { dryRun } } }' },
          { query: '{ auditLog { nodes { id } } }' },
          { query: '{ viewer { role } }', operationName: 'constructor' },
        ),
      })
      .map((message) => JSON.stringify(message)),
  );

  it('goes on whatever is said on a WebSocket, and answers nothing that the caller may not have', async () => {
    const before = (await api.send('{ auditLog(first: 1) { nodes { id } } }')).body.data;
    const property = fc.asyncProperty(fc.boolean(), fc.array(messages, { maxLength: 12 }), async (signsIn, said) => {
      const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      const heard: string[] = [];
      socket.on('message', (data: Buffer) => heard.push(data.toString('utf8')));
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('open', resolve));
      const authorization = `Bearer ${api.tokens.viewer}`;
      if (signsIn) socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
      for (const text of said) if (socket.readyState === socket.OPEN) socket.send(text);
      await new Promise((resolve) => setTimeout(resolve, 25));
      socket.terminate();
      const data = heard.filter((text) => text.includes('"data":{') && !text.includes('"data":null'));
      if (!signsIn) expect(data).toEqual([]);
      for (const text of heard) expect(text).not.toMatch(/"auditLog":\{|"deleteResource":\{/);
    });
    await fc.assert(property, { seed: 20_261_128, numRuns: 50 });
    expect((await api.send(LISTED)).status).toBe(200);
    expect((await api.send('{ auditLog(first: 1) { nodes { id } } }')).body.data).toEqual(before);
  });
});
