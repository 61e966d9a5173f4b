import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isthmus } from '../terminal.fixture.js';

const SECRET = `isths_${'a'.repeat(43)}`;

describe('login by a browser', () => {
  let folder: string;
  let server: http.Server;
  let url: string;
  /** What the token endpoint says, one answer a poll. */
  let answers: object[];
  let sent: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'isthmus-login-'));
    [answers, sent] = [[], []];
    server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        sent.push(`${request.url} ${Buffer.concat(chunks).toString()}`);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(answerTo(request.url ?? '')));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  function answerTo(path: string): object {
    if (path === '/graphql')
      return { data: { viewer: { actor: 'user:1', role: 'Viewer', name: 'Rob', organization: { name: 'default' } } } };
    if (path === '/auth/token') return answers.shift() ?? { error: 'expired_token' };
    const page = `${url}/auth/device`;
    return {
      device_code: 'device',
      user_code: 'BCDF-GHJK',
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=BCDF-GHJK`,
      expires_in: 600,
      interval: 5,
    };
  }
  const login = (sleep?: (ms: number) => Promise<void>) => {
    const env = { configFile: join(folder, 'config'), noColour: true, forceColour: false, editor: 'vi' };
    return isthmus(`login --server ${url} --name test`, { env, ...(sleep && { sleep }) });
  };

  it('keeps nothing when somebody refuses it', async () => {
    answers = [{ error: 'access_denied' }];
    const { code, err } = await login();
    expect([code, err]).toEqual([1, expect.stringContaining('ISM0997')]);
    await expect(stat(join(folder, 'config'))).rejects.toThrow('ENOENT');
  });

  it('is not sent over a network in the clear', async () => {
    const { code, err } = await isthmus('login --server http://isthmus.example.com');
    expect([code, err]).toEqual([1, expect.stringContaining('use https')]);
  });

  it('waits as long as it is told, and keeps the session in a file for its owner alone', async () => {
    answers = [{ error: 'authorization_pending' }, { error: 'slow_down' }, { access_token: SECRET }];
    const slept: number[] = [];
    const { code, out, err } = await login((ms) => Promise.resolve(void slept.push(ms)));
    expect([code, out]).toEqual([0, '']);
    expect(slept).toEqual([5000, 5000, 10_000]);
    expect(err).toContain(`${url}/auth/device?user_code=BCDF-GHJK`);
    expect(err).toContain('BCDF-GHJK there');
    expect(err).not.toContain(SECRET);
    expect(sent.join()).toContain('client_id=isthmus-cli');
    expect(await readFile(join(folder, 'config'), 'utf8')).toContain(SECRET);
    expect((await stat(join(folder, 'config'))).mode & 0o777).toBe(0o600);
  });
});
