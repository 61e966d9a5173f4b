import type { Agent } from 'node:http';
import { MAX_FRAME_BYTES } from '@isthmus/protocol';
import { WebSocket } from 'ws';
import { explainDial } from './explain-dial.js';
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
      const way = { gateway: options.gateway, ca, proxy: options.proxy };
      return opened(socket, { events, explain: (error) => explainDial(error, way) });
    },
  };
}

function streamUrl(gateway: string): string {
  const url = new URL('/agent', gateway);
  url.protocol = 'wss:';
  return url.toString();
}

interface Opening {
  events: StreamEvents;
  explain: (error: Error) => Promise<string>;
}

function opened(socket: WebSocket, { events, explain }: Opening): Promise<Stream> {
  return new Promise((resolve, reject) => {
    let open = false;
    let lastError = '';
    socket.on('error', (error) => {
      lastError = error.message;
      if (!open) void explain(error).then((reason) => reject(new Error(reason)), reject);
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
