import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { countFlights } from './flight-counter.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

it('counts what was said after an answer once, in however many pieces it came', async () => {
  const database = createServer((socket) => void socket.on('data', (data) => socket.write(data)));
  database.listen(0, '127.0.0.1');
  await once(database, 'listening');
  const { port } = database.address() as AddressInfo;
  const counter = await countFlights(`postgresql://u@127.0.0.1:${String(port)}/d`);
  const client = connect(Number(new URL(counter.url).port), '127.0.0.1');
  closing.push(counter.close, async () => database.close());
  for (const said of ['a', 'bb']) {
    client.write(said);
    await once(client, 'data');
  }
  expect(counter.flights()).toBe(2);
  client.destroy();
});
