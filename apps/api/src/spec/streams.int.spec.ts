import { createClient, type Client } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

postgres.suite('streams', () => {
  let api: TestApi;
  let socketUrl: string;
  beforeAll(async () => {
    api = await startTestApi({ recheckMs: 200 });
    socketUrl = `${api.url.replace('http', 'ws')}/graphql`;
  });
  afterAll(() => api.close());

  const open = (token: string): Client =>
    createClient({
      url: socketUrl,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
      lazy: true,
    });
  const put = (name: string) =>
    api.send(
      'mutation ($name: String!) { putProject(input: {name: $name, spec: {}}) { ok { dryRun } error { message } } }',
      { name },
    );
  const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.on('close', resolve));
  const raw = async (): Promise<WebSocket> => {
    const socket = new WebSocket(socketUrl, 'graphql-transport-ws');
    await new Promise((resolve) => socket.on('open', resolve));
    return socket;
  };

  it('refuse a WebSocket without a valid token', async () => {
    const events = open('isth_wrong').iterate({ query: 'subscription { resourceChanged { uid } }' });
    await expect(events.next()).rejects.toMatchObject({ code: 4403 });
  });

  it.each(['{', 'null', '[]', '{"type":"subscribe"}', '{"type":"connection_init","payload":1}', '\u0000'])(
    'close a socket that says %j and go on',
    async (text) => {
      const socket = await raw();
      const code = closed(socket);
      socket.send(text);
      expect(await code).toBeGreaterThanOrEqual(4400);
      expect((await api.send('{ viewer { role } }')).status).toBe(200);
    },
  );

  it('survive a message past the limit and a binary one', async () => {
    const socket = await raw();
    const code = closed(socket);
    socket.send(Buffer.alloc(1024 * 1024 + 1));
    expect(await code).toBe(1009);
    expect((await api.send('{ viewer { role } }')).status).toBe(200);
  });

  it('refuse pages of another origin, and other paths', async () => {
    for (const [url, origin] of [
      [socketUrl, 'https://evil.example'],
      [`${socketUrl}/other`, undefined],
    ] as const) {
      const socket = new WebSocket(url, 'graphql-transport-ws', origin === undefined ? {} : { origin });
      const error = await new Promise<Error>((resolve) => socket.on('error', resolve));
      expect(error.message).toMatch(/40[34]/);
    }
  });

  it('hold operations to the same rules as over HTTP', async () => {
    const client = open(api.tokens.viewer);
    const run = (query: string) => client.iterate({ query }).next();
    await expect(run('subscription { nothing }')).rejects.toMatchObject([
      { message: expect.stringContaining('nothing') },
    ]);
    const result = await run('mutation { deleteResource(input: {kind: Project, name: "default"}) { ok { dryRun } } }');
    expect((result.value as { errors: { extensions: object }[] }).errors[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
    });
    await client.dispose();
  });

  it('tell changes over WebSocket, each as it is then', async () => {
    const client = open(api.tokens.viewer);
    const events = client.iterate({
      query: 'subscription { resourceChanged(kinds: [Project]) { kind resource { name labels { name } } } }',
    });
    const first = events.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await put('alpha');
    expect((await first).value).toEqual({
      data: { resourceChanged: { kind: 'Project', resource: { name: 'alpha', labels: [] } } },
    });
    const second = events.next();
    await api.send(
      'mutation { putProject(input: {name: "alpha", labels: [{name: "a", value: "b"}], spec: {}}) { ok { dryRun } } }',
    );
    expect((await second).value).toMatchObject({
      data: { resourceChanged: { resource: { labels: [{ name: 'a' }] } } },
    });
    await events.return?.();
    await client.dispose();
  });

  const events = (query: string, { token, accept, ...init }: RequestInit & { token?: string; accept?: string } = {}) =>
    fetch(`${api.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: accept ?? 'text/event-stream',
        authorization: `Bearer ${token ?? api.tokens.viewer}`,
      },
      body: JSON.stringify({ query }),
      ...init,
    });

  it('tell what is wrong with an operation as the only event', async () => {
    for (const accept of ['text/event-stream', '*/*', 'application/json;q=0.5, text/event-stream']) {
      const response = await events('subscription { nothing }', { accept });
      const text = await response.text();
      expect(text).toMatch(/^:\n\nevent: next\ndata: .*Cannot query field .*"BAD_USER_INPUT".*\n\nevent: complete\n/);
    }
  });

  it('tell changes as server-sent events', async () => {
    const abort = new AbortController();
    const query = 'subscription { resourceChanged(kinds: [Project]) { resource { name } } }';
    const response = await events(query, { signal: abort.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    setTimeout(() => void put('beta'), 300);
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('beta')) break;
    }
    expect(text).toContain('event: next');
    abort.abort();
  });

  it('refuse server-sent events without a token', async () => {
    const response = await fetch(`${api.url}/graphql/stream`, {
      method: 'POST',
      headers: { accept: 'text/event-stream' },
    });
    expect(response.status).toBe(401);
  });

  const shortLived = async (): Promise<{ secret: string; revoke: () => Promise<unknown> }> => {
    const { body } = await api.send(
      'mutation { createApiToken(input: {name: "short-lived", role: VIEWER}) { ok { secret apiToken { id } } } }',
    );
    const { secret, apiToken } = body.data.createApiToken.ok;
    const revoke = () =>
      api.send('mutation ($id: ID!) { revokeApiToken(input: {tokenId: $id}) { ok { revokedAt } } }', {
        id: apiToken.id,
      });
    return { secret, revoke };
  };

  it('say that their token does not count any more before they end', async () => {
    const { secret, revoke } = await shortLived();
    const response = await events('subscription { clusterChanged { uid } }', { token: secret });
    await revoke();
    const text = await response.text();
    expect(text).toMatch(/event: next\ndata: .*"UNAUTHENTICATED".*\n\nevent: complete\n/);
    expect((await events('subscription { clusterChanged { uid } }', { token: secret })).status).toBe(401);
  });

  it('are cut soon after their token is revoked', async () => {
    const { secret, revoke } = await shortLived();
    const client = open(secret);
    const events = client.iterate({ query: 'subscription { clusterChanged { uid } }' });
    const next = events.next().then(
      () => undefined,
      (error: { code: number }) => error.code,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await revoke();
    expect(await next).toBe(4403);
  });
});
