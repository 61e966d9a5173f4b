import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { AddressLimit } from './address-limit.js';
import { edgeAt } from './edges.js';
import type { Door } from './edges.js';
import { enrol } from './enrolment.js';
import type { EnrolmentDeps, EnrolOutcome } from './enrolment.js';
import type { GatewayMetrics } from './gateway-metrics.js';
import { renewAtDoor } from './renewal-door.js';
import type { RefusalBook } from './refusals/refusal-book.js';
import type { RenewalDoorDeps, RenewalOutcome } from './renewal-door.js';

const MAX_BODY_BYTES = 32 * 1024;

export interface EnrolHttpDeps extends EnrolmentDeps, RenewalDoorDeps {
  limit: AddressLimit;
  metrics: GatewayMetrics;
  refusals: RefusalBook;
}

/** Answers `POST /enrol`, `POST /renew`, `GET /healthz`, and 404 to all else. */
export async function enrolOverHttp(
  deps: EnrolHttpDeps,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { method, url } = request;
  if (method === 'GET' && edgeAt(url, 'GET') !== undefined) return answer(response, 200, { status: 'ok' });
  const door = edgeAt(url, 'POST');
  if (door === undefined) return answer(response, 404, { code: 'ISM0400', message: 'not found' });
  if (method !== 'POST') return answer(response, 405, { code: 'ISM0404', message: 'use POST' });
  const text = await admitted(deps, door, { request, response });
  if (text === undefined) return;
  const outcome = await atDoor(deps, door, { socket: request.socket, body: parseJson(text) });
  const { status, body } = outcome.answer;
  noteRefusal(deps, door, { ...outcome, address: request.socket.remoteAddress ?? '' });
  deps.metrics.identities.inc({ door: door.slice(1), status: String(status) });
  return answer(response, status, body);
}

function noteRefusal(
  { refusals }: EnrolHttpDeps,
  door: Door,
  { about, answer: { body }, address }: (EnrolOutcome | RenewalOutcome) & { address: string },
): void {
  if (!('code' in body)) return;
  const { code, message } = body;
  refusals.note({ door: door === '/enrol' ? 'enrol' : 'renew', code, message, address, about });
}

/** The body of a request whose turn it is; undefined: it was refused. */
async function admitted(
  { limit, metrics }: EnrolHttpDeps,
  door: Door,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<string | undefined> {
  const turn = limit.take(request.socket.remoteAddress ?? '');
  if (!turn.ok) {
    metrics.identities.inc({ door: door.slice(1), status: '429' });
    response.setHeader('retry-after', String(turn.retryAfterSeconds));
    answer(response, 429, { code: 'ISM0408', message: 'too many requests from this address' });
    return undefined;
  }
  const text = await readBody(request);
  if (text === undefined)
    answer(response, 413, { code: 'ISM0404', message: `the body has more than ${String(MAX_BODY_BYTES)} bytes` });
  return text;
}

function atDoor(
  deps: EnrolHttpDeps,
  door: Door,
  { socket, body }: { socket: IncomingMessage['socket']; body: unknown },
): Promise<EnrolOutcome | RenewalOutcome> {
  switch (door) {
    case '/enrol':
      return enrol(deps, { body, address: socket.remoteAddress ?? '' });
    case '/renew':
      if (!(socket instanceof TLSSocket)) throw new Error('the gateway speaks TLS only');
      return renewAtDoor(deps, socket, body);
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', connection: 'close' });
  response.end(JSON.stringify(body));
}
