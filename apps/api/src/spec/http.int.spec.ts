import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMetrics } from '@isthmus/platform';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

postgres.suite('GraphQL over HTTP', () => {
  let api: TestApi;
  const metricsToken = 'a-token-for-metrics';
  beforeAll(async () => {
    api = await startTestApi({
      bodyLimitBytes: 64 * 1024,
      corsOrigins: ['https://console.example'],
      health: {
        version: '9.9.9',
        ready: { postgres: () => undefined, queue: () => 'is away' },
        metrics: createMetrics('api'),
        metricsToken,
      },
    });
  });
  afterAll(() => api.close());

  const call = (path: string, init: RequestInit = {}, token: string | undefined = api.tokens.viewer) => {
    const headers = { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...init.headers };
    return fetch(`${api.url}${path}`, { ...init, headers });
  };
  const post = (body: string, headers: Record<string, string> = {}, token?: string) =>
    call('/graphql', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }, token);

  it('passes every audit of the specification', async () => {
    const results = await auditServer({
      url: `${api.url}/graphql`,
      fetchFn: (url: string, init?: RequestInit) =>
        fetch(url, { ...init, headers: { ...init?.headers, authorization: `Bearer ${api.tokens.viewer}` } }),
    });
    expect(results.length).toBeGreaterThan(50);
    const failed = results.filter(({ status }) => status === 'error' || status === 'warn');
    expect(failed.map(({ id, name, status }) => `${status} ${id} ${name}`)).toEqual([]);
  });

  it.each(['', 'isth_short', `isth_${'A'.repeat(43)}`, 'Bearer'])(
    'answers 401 to the token %j before reading anything',
    async (token) => {
      const response = await post('{ this is no JSON', {}, token);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    },
  );

  it('stops taking a token as soon as it is revoked', async () => {
    const { body } = await api.send(
      'mutation { createApiToken(input: {name: "short-lived", role: VIEWER}) { ok { secret apiToken { id } } } }',
    );
    const { secret, apiToken } = body.data.createApiToken.ok;
    expect((await post('{"query":"{viewer{role}}"}', {}, secret)).status).toBe(200);
    await api.send('mutation ($id: ID!) { revokeApiToken(input: {tokenId: $id}) { ok { revokedAt } } }', {
      id: apiToken.id,
    });
    expect((await post('{"query":"{viewer{role}}"}', {}, secret)).status).toBe(401);
  });

  it('refuses what a browser may send from anywhere without asking', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      expect((await post('{"query":"{viewer{role}}"}', { 'content-type': type })).status).toBe(415);
    }
  });

  it('says what it refuses, with a code and the id of the request', async () => {
    const errors = async (response: Response) => ((await response.json()) as { errors: unknown[] }).errors;
    const about = (code: string) => ({ extensions: { code } });
    expect(await errors(await post('{}', { 'content-type': 'text/plain' }))).toMatchObject([
      about('UNSUPPORTED_MEDIA_TYPE'),
    ]);
    const put = await call('/graphql', { method: 'PUT', body: '{}' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect(await errors(put)).toMatchObject([about('METHOD_NOT_ALLOWED')]);
    expect(await errors(await post('{ this is no JSON'))).toMatchObject([about('BAD_REQUEST')]);
    expect(await errors(await post('{"query":"{ nothing }"}', { 'x-request-id': 'ci-43' }))).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', requestId: 'ci-43' } },
    ]);
    expect(await errors(await post('{"query":"query A {viewer{role}}","operationName":"B"}'))).toMatchObject([
      { message: 'The document has no operation named "B"' },
    ]);
  });

  it.each([
    ['POST', '/graphql', { 'content-type': 'application/json', accept: 'text/html' }, '{}', 406, 'NOT_ACCEPTABLE'],
    ['POST', '/graphql', { 'content-type': 'application/json; charset=latin1' }, '{}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['POST', '/graphql', {}, '{"query":5}', 400, 'BAD_REQUEST'],
    ['POST', '/graphql', {}, '{}', 400, 'BAD_REQUEST'],
    ['POST', '/graphql', {}, '{"query":"{viewer{role}}","variables":[]}', 400, 'BAD_REQUEST'],
    ['POST', '/graphql', {}, '{"query":"{viewer{role}}","extensions":1}', 400, 'BAD_REQUEST'],
    ['POST', '/graphql', {}, '{"query":"{viewer{role}}","operationName":1}', 400, 'BAD_REQUEST'],
    ['POST', '/graphql', {}, '{"query":"subscription{clusterChanged{uid}}"}', 400, 'BAD_REQUEST'],
    ['GET', '/graphql?query=%7Bviewer%7Brole%7D%7D&variables=%7B', {}, undefined, 400, 'BAD_REQUEST'],
    ['GET', '/graphql', {}, undefined, 400, 'BAD_REQUEST'],
    ['PUT', '/graphql/stream', {}, '{}', 405, 'METHOD_NOT_ALLOWED'],
    ['DELETE', '/graphql/stream', {}, undefined, 405, 'METHOD_NOT_ALLOWED'],
    ['POST', '/graphql/stream', { 'content-type': 'text/plain' }, '{}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['POST', '/graphql/stream', { accept: 'application/json' }, '{}', 406, 'NOT_ACCEPTABLE'],
    ['POST', '/graphql/stream', {}, '[]', 400, 'BAD_REQUEST'],
    ['POST', '/graphql/stream', {}, '{"query":', 400, 'BAD_REQUEST'],
    ['GET', '/graphql/stream?query=mutation%7Bx%7D', {}, undefined, 200, 'BAD_USER_INPUT'],
    [
      ...['GET', '/graphql/stream?query=mutation%7BrevokeApiToken(input:%7BtokenId:%22x%22%7D)%7Bok%7Bid%7D%7D%7D'],
      ...[{}, undefined, 405, 'METHOD_NOT_ALLOWED'],
    ],
    ['GET', '/console/assets/nothing.js', {}, undefined, 404, 'NOT_FOUND'],
    ['GET', '/console/assets/..%2f..%2fmain.js', {}, undefined, 404, 'NOT_FOUND'],
    ['GET', '/graphiql/nothing.js', {}, undefined, 404, 'NOT_FOUND'],
    ['GET', '/graphiql/..%2fmain.js', {}, undefined, 404, 'NOT_FOUND'],
  ] as [string, string, Record<string, string>, string | undefined, number, string][])(
    'says why it does not take %s %s with %j and %j, in a form that every client can read',
    // eslint-disable-next-line max-params -- the columns of the table
    async (method, path, headers, body, status, code) => {
      const sent = { 'content-type': 'application/json', accept: '*/*', 'x-request-id': 'ci-44', ...headers };
      const response = await call(path, { method, headers: sent, ...(body === undefined ? {} : { body }) });
      const text = await response.text();
      expect([response.status, response.headers.get('x-request-id')]).toEqual([status, 'ci-44']);
      expect(text).toContain(`"code":"${code}"`);
      expect(text).toContain('"requestId":"ci-44"');
      expect(text).not.toMatch(/node_modules|\n +at /);
    },
  );

  it.each(['application/json; charset=UTF-8', 'application/json;charset=utf8', 'Application/JSON'])(
    'reads a body of the type %s',
    async (type) => {
      expect((await post('{"query":"{viewer{role}}"}', { 'content-type': type })).status).toBe(200);
    },
  );

  it('refuses a request without a body at once', async () => {
    for (const path of ['/graphql', '/graphql/stream']) {
      const response = await call(path, { method: 'POST', headers: { 'content-type': 'application/json' } });
      expect(response.status).toBe(400);
    }
  });

  it('refuses mutations by GET', async () => {
    const response = await call(
      `/graphql?query=${encodeURIComponent('mutation { revokeApiToken(input: {tokenId: "x"}) { ok { id } } }')}`,
      {},
      api.tokens.admin,
    );
    expect(response.status).toBe(405);
  });

  it('refuses several operations in one request', async () => {
    expect((await post('[{"query":"{viewer{role}}"},{"query":"{viewer{role}}"}]')).status).toBe(400);
  });

  it('refuses a body past the limit', async () => {
    const response = await post(JSON.stringify({ query: '{viewer{role}}', variables: { pad: 'x'.repeat(64 * 1024) } }));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] });
  });

  it('refuses operations that ask for too much', async () => {
    const aliases = Array.from({ length: 51 }, (_, index) => `a${index}: __typename`).join(' ');
    const wide =
      '{ resources(first: 100) { nodes { history(first: 100) { nodes { labels { name } annotations { name } actor at generation spec resourceVersion deleted labels2: labels { name value } } } } } issues(first:100) { nodes { code } } }';
    const cost = `{ ${Array.from({ length: 5 }, (_, index) => `p${index}: projects(first: 100) { nodes { globalNamespaces(first: 100) { nodes { name domain vipCIDR uid } } } }`).join(' ')} }`;
    const deep = `{ clusters { nodes ${'{ targets { nodes { globalNamespace { targets { nodes { cluster '.repeat(3)} { name } ${'} } } } } }'.repeat(3)} } }`;
    for (const [query, limit] of [
      [`{ ${aliases} }`, 'aliases'],
      [deep, 'depth'],
      [cost, 'cost'],
      [wide, undefined],
    ] as const) {
      const { body } = await api.send(query);
      const limits = (body.errors ?? []).map(({ extensions }) => extensions?.['limit']);
      if (limit === undefined) expect(limits).toEqual([]);
      else expect(limits).toContain(limit);
    }
  });

  it('refuses a document of too many tokens', async () => {
    const { body } = await api.send(`{ ${'a '.repeat(20_001)} }`);
    expect(body.errors?.[0]?.message).toMatch(/longer than|tokens/);
  });

  it('shows the schema to those who are signed in', async () => {
    const { body } = await api.send('{ __schema { queryType { name } } }', {}, 'viewer');
    expect(body.data.__schema.queryType.name).toBe('Query');
  });

  it('lets a viewer change nothing', async () => {
    const { body } = await api.send(
      'mutation { deleteResource(input: {kind: Project, name: "default"}) { ok { dryRun } } }',
      {},
      'viewer',
    );
    expect(body).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'FORBIDDEN', permission: 'resources.delete' } }],
    });
  });

  it('shows the audit log and tokens only to whom they are for', async () => {
    expect((await api.send('{ auditLog { nodes { id } } }', {}, 'viewer')).body.errors?.[0]?.extensions['code']).toBe(
      'FORBIDDEN',
    );
    expect((await api.send('{ apiTokens { nodes { id } } }', {}, 'editor')).body.errors?.[0]?.extensions['code']).toBe(
      'FORBIDDEN',
    );
    expect((await api.send('{ auditLog { nodes { action } } }', {}, 'editor')).body.errors).toBeUndefined();
  });

  it('echoes a request id that is short and plain, and makes one otherwise', async () => {
    const echoed = await post('{"query":"{viewer{role}}"}', { 'x-request-id': 'ci-42' });
    expect(echoed.headers.get('x-request-id')).toBe('ci-42');
    const made = await post('{"query":"{viewer{role}}"}', { 'x-request-id': 'a b<script>' });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers preflights for known origins only', async () => {
    const preflight = (origin: string) =>
      call('/graphql', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } }, '');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await preflight('https://console.example')).headers.get('access-control-allow-origin')).toBe(
      'https://console.example',
    );
  });

  it('answers bad pages as bad input, never as a fault', async () => {
    for (const query of [
      '{ clusters(first: 0) { nodes { name } } }',
      '{ clusters(first: 101) { nodes { name } } }',
      '{ clusters(first: -1) { nodes { name } } }',
      '{ clusters(after: "%%%") { nodes { name } } }',
      '{ issues(after: "AAAA") { nodes { code } } }',
      '{ nodes(ids: ["a"]) { id } clusters(after: "bm9wZQ") { nodes { name } } }',
    ]) {
      expect((await api.send(query)).body.errors?.map(({ extensions }) => extensions['code'])).toEqual([
        'BAD_USER_INPUT',
      ]);
    }
  });

  it.each([
    '{ cluster(name: "a\\u0000") { name } }',
    '{ globalNamespace(name: "a", project: "\\u0000") { name } }',
    '{ resources(filter: {names: ["a", "\\u0000"]}) { nodes { name } } }',
    '{ resources(filter: {labels: [{name: "a", value: "\\ud800"}]}) { nodes { name } } }',
    '{ auditLog(filter: {actor: "\\u0000"}) { nodes { id } } }',
    `{ clusters(after: "${Buffer.from('["a\\u0000","b"]').toString('base64url')}") { nodes { name } } }`,
    'mutation { deleteResource(input: {kind: Project, name: "a\\u0000"}) { ok { dryRun } } }',
    'mutation { createEnrolmentToken(input: {cluster: "a\\u0000"}) { ok { token } } }',
  ])('answers text that no database takes as bad input: %s', async (query) => {
    const { body } = await api.send(query);
    expect(body.errors?.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
  });

  it('answers texts of resources that no database takes as issues', async () => {
    const put = 'mutation ($i: PutResourceInput!) { putProject(input: $i) { error { issues { code path } } } }';
    const { body } = await api.send(put, { i: { name: 'a', spec: { description: 'a\u0000b' } } });
    expect(body.data.putProject.error.issues).toEqual([{ code: 'ISM0034', path: 'spec.description' }]);
  });

  it('answers null for ids that mean nothing', async () => {
    const { body } = await api.send(
      '{ a: node(id: "x") { id } b: node(id: "Q2x1c3RlcgpuZXZlcg") { id } nodes(ids: ["", "…"]) { id } c: node(id: "Q2x1c3RlcgphAA") { id } }',
    );
    expect(body.data).toEqual({ a: null, b: null, nodes: [null, null], c: null });
  });

  it('tells its health without a token', async () => {
    expect((await call('/healthz', {}, '')).status).toBe(200);
    const ready = await call('/readyz', {}, '');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { postgres: 'ok', queue: 'is away' } });
    expect(await (await call('/version', {}, '')).json()).toEqual({ version: '9.9.9' });
    expect((await call('/nothing', {}, '')).status).toBe(404);
  });

  it('gives metrics only for their token, if one is set', async () => {
    expect((await call('/metrics', {}, '')).status).toBe(401);
    expect((await call('/metrics', {}, api.tokens.admin)).status).toBe(401);
    expect(await (await call('/metrics', {}, metricsToken)).text()).toContain('process_cpu');
  });
});
