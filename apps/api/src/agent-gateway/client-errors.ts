import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

type ClientError = Error & { code?: string; library?: string };

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** From the error on until it is cut: for its request to be read, and for the answer to leave. */
const UNANSWERED_MS = 15_000;
const ANSWERED_MS = 1000;

/**
 * Ends connections that went wrong, as Node does where nobody listens, but for one: a certificate whose signature is not its issuer's.
 * What OpenSSL writes down of that check is taken for a fault of the connection by the next read, although nothing is wrong with it: its
 * request is answered like any other, by who looks at the certificate. Node tells no end of writing on such a connection, so it is cut
 * some time after its answer.
 */
export function endBroken(server: Server): void {
  const spared = new WeakSet<Duplex>();
  server.on('request', ({ socket }, response) => {
    response.once('prefinish', () => {
      if (spared.has(socket)) cutAfter(socket, ANSWERED_MS);
    });
  });
  server.on('clientError', (error: ClientError, socket: Duplex) => {
    if (!isOfCertificate(error, socket)) return end(error, socket);
    spared.add(socket);
    cutAfter(socket, UNANSWERED_MS);
  });
}

function cutAfter(socket: Duplex, ms: number): void {
  setTimeout(() => socket.destroy(), ms).unref();
}

function end(error: ClientError, socket: Duplex): void {
  if (error.code !== 'ECONNRESET' && socket.writable)
    socket.write(`HTTP/1.1 ${STATUS[error.code ?? ''] ?? '400 Bad Request'}\r\nconnection: close\r\n\r\n`);
  socket.destroy(error);
}

function isOfCertificate({ library }: ClientError, socket: Duplex): boolean {
  if (!(socket instanceof TLSSocket) || socket.destroyed) return false;
  const isForged = String(socket.authorizationError) === 'CERT_SIGNATURE_FAILURE';
  return isForged && library !== undefined && library !== 'SSL routines';
}
