import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** A way to a database that counts round trips: how often a client spoke after the database had. */
export interface FlightCounter {
  /** The same database through the counter. */
  url: string;
  flights: () => number;
  close(): Promise<void>;
}

/** Stands between a client and a database on the loopback. */
export async function countFlights(databaseUrl: string): Promise<FlightCounter> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let flights = 0;
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let answered = true;
    client.on('data', (chunk) => {
      if (answered) flights += 1;
      answered = false;
      database.write(chunk);
    });
    database.on('data', (chunk) => {
      answered = true;
      client.write(chunk);
    });
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    flights: () => flights,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
