import { request } from 'node:https';
import { connect } from 'node:tls';
import type { Identity } from '@isthmus/agent';
import type { Centre } from './centre.fixture.js';

/** What a connection shows of itself. */
export type Shown = Pick<Identity, 'certificate' | 'privateKey'>;

export interface DoorCall {
  method?: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  as?: Shown | undefined;
}

/** Asks an edge of the gateway over HTTPS; answers its whole text. */
export function ask(centre: Centre, call: DoorCall): Promise<{ status: number; text: string }> {
  const { method = 'POST', path, body, headers = {}, as } = call;
  const sent = body === undefined ? '' : JSON.stringify(body);
  const length = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) };
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL(path, centre.url),
      {
        ...{ method, ca: centre.gateway.caPem, agent: false, headers: { ...length, ...headers } },
        ...(as === undefined ? {} : { cert: as.certificate, key: as.privateKey }),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    asked.on('error', reject);
    asked.end(sent);
  });
}

/** Asks for a stream and sends frames without waiting whether it is opened; answers all that comes back until the other side ends it. */
export function blurt(centre: Centre, as: Shown | undefined, frames: readonly string[]): Promise<string> {
  const { hostname: host, port } = new URL(centre.url);
  const shown = as === undefined ? {} : { cert: as.certificate, key: as.privateKey };
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host, port: Number(port), ca: centre.gateway.caPem, ...shown }, () => {
      socket.write(UPGRADE);
      for (const frame of frames) socket.write(framed(frame));
    });
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
  });
}

const UPGRADE = [
  'GET /agent HTTP/1.1',
  'host: gateway',
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}`,
  'sec-websocket-protocol: isthmus.agent.v1',
  '\r\n',
].join('\r\n');

/** A text frame of a client, masked by zeros. */
function framed(text: string): Buffer {
  const body = Buffer.from(text);
  const size = Buffer.alloc(body.length < 126 ? 1 : 3, 0x80 | (body.length < 126 ? body.length : 126));
  if (size.length === 3) size.writeUInt16BE(body.length, 1);
  return Buffer.concat([Buffer.from([0x81]), size, Buffer.alloc(4), body]);
}
