import net from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { real } from './real.js';
import { probeValkey, startValkey, type ValkeyServer } from './valkey.js';

const onValkey = await real('valkey', probeValkey);

function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once('error', reject);
  });
}

onValkey('a real Valkey', () => {
  let server: ValkeyServer;
  beforeAll(async () => {
    server = await startValkey();
  });
  afterAll(() => server.stop());

  it('keeps what it is given', async () => {
    expect(await ask(server.port, 'SET greeting hello')).toBe('+OK\r\n');
    expect(await ask(server.port, 'GET greeting')).toBe('$5\r\nhello\r\n');
  });

  it('is gone after stop', async () => {
    const other = await startValkey();
    await other.stop();
    await expect(ask(other.port, 'PING')).rejects.toThrow('ECONNREFUSED');
  });
});
