import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { real } from '@isthmus/testing';
import { afterEach, expect, it } from 'vitest';
import { type LoadResult, probeTestbed } from './testbed.fixture.js';

const LOAD = fileURLToPath(new URL('../../../../testbed/lib/load.py', import.meta.url));

interface Answer {
  readonly code: number;
  readonly afterMs?: number;
}

const onEnvoy = await real('envoy', () => probeTestbed('proxies'));

onEnvoy('the outcomes of steady load', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** What load of 20 requests a second is told by a server that answers in this order, and then as with the last one. */
  const outcomes = async (...answers: readonly [Answer, ...Answer[]]): Promise<string[]> => {
    let asked = 0;
    const server = createServer((_, response) => {
      const { code, afterMs = 0 } = answers[asked] ?? answers.at(-1) ?? answers[0];
      asked += 1;
      void pause(afterMs).then(() => response.writeHead(code).end('{"cluster":"a","pod":"x"}'));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    const { stdout } = await promisify(execFile)('python3', [LOAD, '--rate', '20', '--seconds', '1', url]);
    return (JSON.parse(stdout) as LoadResult).changes.map(([, outcome]) => outcome);
  };

  it('tell each change that somebody saw before the next request', async () => {
    const [gone, there] = [{ code: 503 }, { code: 200 }];
    expect(await outcomes(gone, there, gone, there)).toEqual(['503', '200 a/x', '503', '200 a/x']);
  });

  it('tell no change of a request that began before anybody saw the one before it', async () => {
    const [gone, slow, there] = [{ code: 503 }, { code: 200, afterMs: 400 }, { code: 200 }];
    expect(await outcomes(gone, slow, gone, there)).toEqual(['503', '200 a/x']);
    expect(await outcomes(gone, slow, { code: 418 }, there)).toEqual(['503', '200 a/x', '418', '200 a/x']);
  });
});
