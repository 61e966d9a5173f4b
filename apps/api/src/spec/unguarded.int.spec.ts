import { connect, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { buildClientSchema, getIntrospectionQuery, type GraphQLSchema, type IntrospectionQuery } from 'graphql';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { operationText } from '../graphql/operation-text.fixture.js';
import { postgres, startTestApi, type TestApi } from './api.fixture.js';

const SEED = 20_261_129;

postgres.suite('a running API', () => {
  let api: TestApi;
  let schema: GraphQLSchema;
  let operations: { kind: string; name: string; text: string }[];
  beforeAll(async () => {
    api = await startTestApi({ rateLimits: { organization: 100_000, caller: 100_000 } });
    // What it serves, as it tells who may ask.
    const { data } = (await api.send(getIntrospectionQuery())).body as { data: IntrospectionQuery };
    schema = buildClientSchema(data);
    const roots = {
      query: schema.getQueryType(),
      mutation: schema.getMutationType(),
      subscription: schema.getSubscriptionType(),
    };
    operations = Object.entries(roots).flatMap(([kind, type]) =>
      Object.values(type?.getFields() ?? {}).map((field) => {
        const text = operationText(schema, kind, field);
        return { kind, name: field.name, text };
      }),
    );
  });
  afterAll(() => api.close());

  const socketUrl = (): string => `${api.url.replace('http', 'ws')}/graphql`;
  const CREDENTIALS: Readonly<Record<string, Record<string, string>>> = {
    none: {},
    'an unknown token': { authorization: `Bearer isth_${'x'.repeat(43)}` },
    'an unknown session': { cookie: 'isthmus_session=x; __Host-isthmus_session=x' },
    'a known token in another scheme': { authorization: 'Basic eDp4' },
  };

  /** Of one operation by POST, by GET and as a stream. */
  async function statusesOf(text: string, headers: Record<string, string>): Promise<number[]> {
    const json = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
    const asked = await Promise.all([
      fetch(`${api.url}/graphql`, { ...json, body: JSON.stringify({ query: text }) }),
      fetch(`${api.url}/graphql?query=${encodeURIComponent(text)}`, { headers }),
      fetch(`${api.url}/graphql/stream`, { ...json, body: JSON.stringify({ query: text }) }),
    ]);
    await Promise.all(asked.map((response) => response.text()));
    return asked.map(({ status }) => status);
  }

  it('answers 401 at every operation that it serves, by POST, GET and as a stream, without a credential or with a bad one', async () => {
    expect(operations.length).toBeGreaterThan(100);
    const served: string[] = [];
    for (const [how, headers] of Object.entries(CREDENTIALS))
      for (const { text, name } of operations) {
        const statuses = await statusesOf(text, headers);
        if (statuses.some((status) => status !== 401)) served.push(`${name} with ${how}: ${statuses.join()}`);
      }
    expect(served).toEqual([]);
  });

  it('takes no token in an address', async () => {
    const query = encodeURIComponent('{ viewer { role } }');
    for (const name of ['access_token', 'token', 'authorization', 'apiToken']) {
      const response = await fetch(`${api.url}/graphql?query=${query}&${name}=${api.tokens.admin}`);
      expect(response.status).toBe(401);
      const socket = new WebSocket(`${socketUrl()}?${name}=${api.tokens.admin}`, 'graphql-transport-ws');
      const code = new Promise((resolve) => socket.once('close', resolve));
      socket.once('open', () => socket.send('{"type":"connection_init"}'));
      expect(await code).toBe(4403);
    }
  });

  it('closes a WebSocket that asks for any operation before it has shown who it is', async () => {
    const data: string[] = [];
    const closed = await Promise.all(
      operations.map(async ({ text }) => {
        const socket = new WebSocket(socketUrl(), 'graphql-transport-ws');
        socket.on('message', (message: Buffer) => data.push(message.toString('utf8')));
        const code = new Promise<number>((resolve) => socket.once('close', resolve));
        socket.once('open', () =>
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: text } })),
        );
        return code;
      }),
    );
    expect(new Set(closed)).toEqual(new Set([4401]));
    expect(data).toEqual([]);
  });

  it('runs no more than a hundred operations of one WebSocket at once, however fast they are asked for', async () => {
    const socket = new WebSocket(socketUrl(), 'graphql-transport-ws');
    const code = new Promise<number>((resolve) => socket.once('close', resolve));
    const acknowledged = new Promise((resolve) => socket.once('message', resolve));
    socket.once('open', () => {
      const authorization = `Bearer ${api.tokens.viewer}`;
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    });
    await acknowledged;
    const subscription = { query: 'subscription { resourceChanged { uid } }' };
    const ask = (id: number): void =>
      socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: subscription }));
    for (let id = 1; id <= 100; id += 1) ask(id);
    expect(await Promise.race([code, after(1500, 'open')])).toBe('open');
    ask(101);
    expect(await code).toBe(4403);
    const eager = new WebSocket(socketUrl(), 'graphql-transport-ws');
    const cut = new Promise<number>((resolve) => eager.once('close', resolve));
    const ready = new Promise((resolve) => eager.once('message', resolve));
    eager.once('open', () => {
      const authorization = `Bearer ${api.tokens.viewer}`;
      eager.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    });
    await ready;
    for (let id = 1; id <= 101; id += 1)
      eager.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: subscription }));
    expect(await Promise.race([cut, after(5000, 'open')])).toBe(4403);
  });

  /** Bytes that follow a handshake: frames of every form that RFC 6455 knows and of those that it does not, and what is no frame. */
  const frames = fc
    .record({
      first: fc.integer({ min: 0, max: 255 }),
      isMasked: fc.boolean(),
      claimed: fc.option(fc.constantFrom(126, 127), { nil: undefined }),
      body: fc.oneof(
        fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
        fc
          .constantFrom(
            '{"type":"connection_init"}',
            '{"type":"connection_init","payload":{"authorization":"Bearer isth_x"}}',
            '{"id":"1","type":"subscribe","payload":{"query":"{ auditLog { nodes { id } } }"}}',
            '{"id":"1","type":"subscribe","payload":{"query":"subscription { resourceChanged { uid } }"}}',
            '{"id":"1","type":"complete"}',
            '{"type":"ping","payload":{"__proto__":{"polluted":true}}}',
          )
          .map((text) => Buffer.from(text)),
      ),
    })
    .map(({ first, isMasked, claimed, body }) => {
      const length =
        claimed === undefined ? Buffer.from([(isMasked ? 0x80 : 0) | body.length]) : lengthOf(claimed, isMasked);
      return Buffer.concat([Buffer.from([first]), length, isMasked ? Buffer.alloc(4) : Buffer.alloc(0), body]);
    });

  /** A length of eight or two bytes that is not the body's. */
  function lengthOf(claimed: number, isMasked: boolean): Buffer {
    const size = Buffer.alloc(claimed === 126 ? 3 : 9, 0x7f);
    size[0] = (isMasked ? 0x80 : 0) | claimed;
    return size;
  }

  /** What a socket hears that was opened by hand and said these bytes. */
  async function heardAfter(said: readonly Buffer[]): Promise<string> {
    const { hostname: host, port } = new URL(api.url);
    const socket: Socket = connect({ host, port: Number(port) });
    let heard = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    socket.write(
      [
        'GET /graphql HTTP/1.1',
        ...[`host: ${host}:${port}`, 'connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13'],
        `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}`,
        'sec-websocket-protocol: graphql-transport-ws\r\n\r\n',
      ].join('\r\n'),
    );
    for (const bytes of said) socket.write(bytes);
    await after(20);
    socket.destroy();
    return heard;
  }

  it('goes on whatever bytes a WebSocket sends: others hear all news meanwhile, and who showed nothing hears none', async () => {
    const client = createClient({
      ...{ url: socketUrl(), webSocketImpl: WebSocket, retryAttempts: 0 },
      connectionParams: { authorization: `Bearer ${api.tokens.viewer}` },
    });
    const news = client.iterate({ query: 'subscription { resourceChanged { resource { name } } }' });
    const told: string[] = [];
    const listening = (async () => {
      for await (const event of news) told.push(JSON.stringify(event.data));
    })().catch(() => undefined);
    await after(300);
    let put = 0;
    const property = fc.asyncProperty(fc.array(frames, { minLength: 1, maxLength: 8 }), async (said) => {
      put += 1;
      const [heard, answer] = await Promise.all([
        heardAfter(said),
        api.send('mutation ($name: String!) { putProject(input: {name: $name, spec: {}}) { error { message } } }', {
          name: `fuzz-${String(put)}`,
        }),
      ]);
      expect(answer.body).toMatchObject({ data: { putProject: { error: null } } });
      expect(heard).not.toMatch(/"data"|connection_ack|fuzz-/);
    });
    await fc.assert(property, { seed: SEED, numRuns: 60 });
    await after(1500);
    const missed = Array.from({ length: put }, (_, at) => `"fuzz-${String(at + 1)}"`).filter(
      (name) => !told.some((event) => event.includes(name)),
    );
    expect(missed).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    await client.dispose();
    await listening;
  });
});
