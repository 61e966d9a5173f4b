import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { graphqlClient } from './graphql-client.js';

/** Answers what the path says: its status, then the code of an error, or a page. */
function answering(): Server {
  return createServer(({ url = '' }, response) => {
    const [, status, code] = url.split('/');
    const body =
      code === 'page'
        ? '<html>Bad Gateway</html>'
        : JSON.stringify({ errors: [{ message: 'no', extensions: { code } }] });
    response.writeHead(Number(status)).end(body);
  });
}

describe('answers of what stands where the API is', () => {
  let server: Server;
  beforeAll(async () => {
    server = answering();
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  it.each([
    ['500/INTERNAL', 'ISM0618'],
    ['401/UNAUTHENTICATED', 'ISM0616'],
    ['404/page', 'ISM0612'],
    ['500/page', 'ISM0612'],
    ['502/page', 'ISM0610'],
    ['503/page', 'ISM0610'],
    ['504/page', 'ISM0610'],
    ['503/UNAVAILABLE', 'ISM0610'],
    ['200/UNAVAILABLE', 'ISM0610'],
  ])('%s is told as %s', async (path, code) => {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`);
    const ask = graphqlClient({ url, token: 'x' }, new AbortController().signal);
    expect(await ask({ query: '{ a }', data: z.object({}) })).toMatchObject({ ok: false, issues: [{ code }] });
  });
});
