import type { Agent } from 'node:http';
import { MAX_FRAME_BYTES } from '@isthmus/protocol';
import { WebSocket } from 'ws';
import type { Stream, StreamEvents, Transport } from './transport.js';

export interface WsTransportOptions {
  /** `https://host:port` of the gateway. */
  gateway: string;
  /** Read at every dial, so that a renewed certificate is used by the next stream. */
  credentials: () => Promise<{ certificate: string; privateKey: string; ca: string }>;
  proxy?: Agent;
  handshakeTimeoutMs?: number;
}

/** WebSocket over mutual TLS. Without compression and without TLS session reuse: every stream proves its identity anew. */
export function wsTransport(options: WsTransportOptions): Transport {
  return {
    async connect(events) {
      const { certificate, privateKey, ca } = await options.credentials();
      const socket = new WebSocket(streamUrl(options.gateway), 'isthmus.agent.v1', {
        cert: certificate,
        key: privateKey,
        ca,
        agent: options.proxy,
        maxPayload: MAX_FRAME_BYTES,
        perMessageDeflate: false,
        handshakeTimeout: options.handshakeTimeoutMs ?? 15_000,
        followRedirects: false,
      });
      return opened(socket, events);
    },
  };
}

function streamUrl(gateway: string): string {
  const url = new URL('/agent', gateway);
  url.protocol = 'wss:';
  return url.toString();
}

function opened(socket: WebSocket, events: StreamEvents): Promise<Stream> {
  return new Promise((resolve, reject) => {
    let open = false;
    let lastError = '';
    socket.on('error', (error) => {
      lastError = error.message;
      if (!open) reject(new Error(explain(error)));
    });
    socket.on('message', (data, binary) => {
      if (!binary && Buffer.isBuffer(data)) events.message(data.toString('utf8'));
    });
    socket.on('close', (code, reason) => {
      if (open) events.closed(reason.toString('utf8') || lastError || `code ${String(code)}`);
    });
    socket.on('open', () => {
      open = true;
      resolve({
        send: (text) => socket.send(text),
        bufferedBytes: () => socket.bufferedAmount,
        close: (reason) => closeSocket(socket, reason),
      });
    });
  });
}

function closeSocket(socket: WebSocket, reason: string): void {
  socket.close(1000, reason.slice(0, 100));
  setTimeout(() => socket.terminate(), 2000).unref();
}

/** Puts the usual causes of a failed dial in words. */
function explain(error: Error & { code?: string }): string {
  if (
    error.code === 'SELF_SIGNED_CERT_IN_CHAIN' ||
    error.code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' ||
    error.code === 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
  ) {
    return `the certificate that answered is not the gateway's (${error.code}): is a TLS-terminating proxy or balancer in between? Use passthrough, or give its CA`;
  }
  return error.message;
}
