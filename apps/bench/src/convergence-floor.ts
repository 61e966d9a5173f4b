import { once } from 'node:events';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TlsOptions } from 'node:tls';
import { atomicWriteFile } from '@isthmus/platform';
import pg from 'pg';
import { WebSocket, WebSocketServer } from 'ws';

/** What no implementation of the path can do without, in milliseconds, one value a round. */
export interface Floor {
  commits: number[];
  roundTrip: number[];
  fileWrite: number[];
  /** All of it, one after another. */
  total: number[];
}

const MESSAGE = 'x'.repeat(2_000);
/** A key that both ends know spares making certificates; what is sent is encrypted all the same. */
const PSK = { psk: Buffer.alloc(32, 7), identity: 'bench' };
const TLS: TlsOptions = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' };

/** Two durable commits of an inserted row, a WebSocket round trip over TLS on the loopback, an atomic file write. */
export async function measureFloor(databaseUrl: string, folder: string, rounds: number): Promise<Floor> {
  const floor: Floor = { commits: [], roundTrip: [], fileWrite: [], total: [] };
  const [database, echo] = [await openDatabase(databaseUrl), await openEcho()];
  for (let round = -5; round < rounds; round += 1) {
    const times = [performance.now()];
    for (let commit = 0; commit < 2; commit += 1)
      await database.query('INSERT INTO bench_floor (body) VALUES ($1)', [MESSAGE]);
    times.push(performance.now());
    await echo.roundTrip(MESSAGE);
    times.push(performance.now());
    await atomicWriteFile(join(folder, 'floor.yaml'), `${round} ${MESSAGE}\n`);
    times.push(performance.now());
    if (round >= 0) note(floor, times as [number, number, number, number]);
  }
  await Promise.all([database.end(), echo.close()]);
  return floor;
}

function note(floor: Floor, [begin, committed, answered, written]: [number, number, number, number]): void {
  floor.commits.push(committed - begin);
  floor.roundTrip.push(answered - committed);
  floor.fileWrite.push(written - answered);
  floor.total.push(written - begin);
}

async function openDatabase(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query('CREATE SCHEMA IF NOT EXISTS bench; SET search_path TO bench');
  await client.query('CREATE TABLE IF NOT EXISTS bench_floor (id bigserial PRIMARY KEY, body text)');
  return client;
}

interface Echo {
  roundTrip: (text: string) => Promise<void>;
  close: () => Promise<void>;
}

async function openEcho(): Promise<Echo> {
  const server = createServer({ ...TLS, pskCallback: () => PSK.psk });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => socket.on('message', (data: Buffer) => socket.send(data)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = { ...TLS, pskCallback: () => PSK, checkServerIdentity: () => undefined };
  const agent = new Agent(options);
  const client = new WebSocket(`wss://127.0.0.1:${port}`, { agent, perMessageDeflate: false });
  await once(client, 'open');
  return {
    roundTrip: async (text) => {
      const answer = once(client, 'message');
      client.send(text);
      await answer;
    },
    close: async () => {
      client.terminate();
      sockets.close();
      server.close();
      await once(server, 'close');
    },
  };
}
