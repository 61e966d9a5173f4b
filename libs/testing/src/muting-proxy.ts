import net from 'node:net';

/** A TCP proxy that can fall silent: connections stay open, and nothing passes any more. */
export interface MutingProxy {
  readonly port: number;
  /** Connections that are open now go silent; new ones pass. */
  muteOpen(): void;
  /** Nothing passes at all. */
  muteAll(muted: boolean): void;
  close(): Promise<void>;
}

/** Stands before a server on the loopback; TLS passes through. */
export function startMutingProxy(target: number): Promise<MutingProxy> {
  const pairs = new Set<{ inner: net.Socket; outer: net.Socket; muted: boolean }>();
  let all = false;
  const server = net.createServer((outer) => {
    const inner = net.connect(target, '127.0.0.1');
    const pair = { inner, outer, muted: false };
    pairs.add(pair);
    const silent = (): boolean => all || pair.muted;
    outer.on('data', (data) => silent() || inner.write(data));
    inner.on('data', (data) => silent() || outer.write(data));
    const end = (): void => {
      pairs.delete(pair);
      inner.destroy();
      outer.destroy();
    };
    for (const socket of [inner, outer]) socket.on('error', end).on('close', () => silent() || end());
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        muteOpen: () => pairs.forEach((pair) => (pair.muted = true)),
        muteAll: (muted) => (all = muted),
        close: () => {
          for (const { inner, outer } of pairs) [inner, outer].forEach((socket) => socket.destroy());
          return new Promise((done) => server.close(() => done()));
        },
      });
    });
  });
}
