import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prometheusStore } from './prometheus-store.js';

interface Said {
  status: number;
  body: string;
  headers?: Record<string, string>;
}
const vector = { status: 'success', data: { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [1, '2'] }] } };

describe('a store of metrics over HTTP', () => {
  let server: Server;
  let folder = '';
  let url = '';
  let says: Said | 'nothing';
  let heard: { request: IncomingMessage; body: string }[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-store-'));
    heard = [];
    says = { status: 200, body: JSON.stringify(vector) };
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        heard.push({ request, body });
        if (says !== 'nothing') response.writeHead(says.status, says.headers).end(says.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/prom`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  const ask = (tokenFile?: string, timeoutMs = 2_000) => prometheusStore({ url, tokenFile, timeoutMs }).query('up', 60);

  it.each<[string, Said, { code: string; reason: string }]>([
    ['is refused', { status: 401, body: 'no' }, { code: 'ISM0701', reason: 'status 401 without JSON' }],
    [
      'asks something wrong',
      { status: 400, body: '{"status":"error","error":"parse error"}' },
      { code: 'ISM0701', reason: 'status 400: parse error' },
    ],
    [
      'meets a proxy without a server',
      { status: 502, body: '<html>' },
      { code: 'ISM0700', reason: 'it answers with status 502' },
    ],
    [
      'gets no vector',
      { status: 200, body: '{"status":"success","data":{}}' },
      { code: 'ISM0701', reason: 'status 200: the answer holds no vector' },
    ],
    [
      'is sent elsewhere',
      { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
      { code: 'ISM0700', reason: 'unexpected redirect' },
    ],
  ])('says so when it %s', async (_what, said, fault) => {
    says = said;
    expect(await ask()).toEqual({ ok: false, ...fault });
  });

  it('says so when nobody listens, and when no answer comes in time', async () => {
    says = 'nothing';
    expect(await ask(undefined, 100)).toEqual({ ok: false, code: 'ISM0700', reason: 'no answer within the timeout' });
    const gone = prometheusStore({ url: 'http://127.0.0.1:1', tokenFile: undefined, timeoutMs: 1_000 });
    expect(await gone.query('up', 0)).toMatchObject({ ok: false, code: 'ISM0700' });
  });

  it('asks nothing without the token that it should have', async () => {
    expect(await ask(join(folder, 'none'))).toMatchObject({ ok: false, code: 'ISM0702' });
    await writeFile(join(folder, 'two'), 'a\nb');
    expect(await ask(join(folder, 'two'))).toMatchObject({ ok: false, code: 'ISM0702' });
    expect(heard).toEqual([]);
  });

  it('asks below the path of the address, with the token as it is now', async () => {
    const file = join(folder, 'token');
    for (const token of ['first', 'second']) {
      await writeFile(file, `${token}\n`);
      expect(await ask(file)).toEqual({ ok: true, rows: [{ labels: { a: 'b' }, value: 2 }] });
    }
    expect(heard.map(({ request }) => [request.url, request.headers.authorization])).toEqual([
      ['/prom/api/v1/query', 'Bearer first'],
      ['/prom/api/v1/query', 'Bearer second'],
    ]);
    expect(heard[0]?.body).toBe('query=up&time=60&partial_response=false');
  });
});
