import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { RefusalBook } from './refusal-book.js';

/** The connection that a TLS handshake failed on. */
type Handshake = TLSSocket & { _parent?: Socket };

/** Writes down who did not get as far as a request: other protocols, handshakes that fail, peers that do not trust this gateway. */
export function watchHandshakes(server: Server, refusals: RefusalBook): void {
  const addresses = new WeakMap<object, string>();
  const served = new WeakSet<object>();
  server.on('connection', (socket: Socket) => addresses.set(socket, socket.remoteAddress ?? ''));
  server.on('tlsClientError', (error: Error & { code?: string }, socket: Handshake) => {
    // Whoever only looks whether the port is open says nothing.
    if ((socket._parent?.bytesRead ?? 0) === 0) return;
    const address = addressOf(socket, addresses);
    if (address !== '') refusals.note({ door: 'tls', address, ...verdictOn(error) });
  });
  server.on('request', ({ socket }) => served.add(socket));
  server.on('upgrade', ({ socket }) => served.add(socket));
  server.on('secureConnection', (socket: TLSSocket) => {
    const address = socket.remoteAddress ?? '';
    socket.once('close', () => {
      if (!served.has(socket)) refusals.note({ door: 'tls', address, code: 'ISM0538', message: LEFT });
    });
  });
}

const LEFT = 'a peer saw the certificate of this gateway and ended the connection before it asked for anything';

/** The TLS socket of a failed handshake may have lost its address; the connection below it was seen before. */
function addressOf({ remoteAddress, _parent: below }: Handshake, addresses: WeakMap<object, string>): string {
  return remoteAddress ?? (below === undefined ? undefined : addresses.get(below)) ?? '';
}

function verdictOn({ code = '', message }: Error & { code?: string }): { code: string; message: string } {
  if (code === 'ERR_SSL_HTTP_REQUEST') return { code: 'ISM0536', message: 'a peer speaks plain HTTP to the TLS port' };
  if (code === 'ECONNRESET') return { code: 'ISM0538', message: LEFT };
  if (/ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+)$/.test(code))
    return { code: 'ISM0538', message: `a peer does not trust the gateway's certificate (${code})` };
  return { code: 'ISM0537', message: `the TLS handshake failed: ${code === '' ? message : code}` };
}
