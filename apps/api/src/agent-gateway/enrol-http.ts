import type { IncomingMessage, ServerResponse } from 'node:http';
import { enrol } from './enrolment.js';
import type { EnrolmentDeps } from './enrolment.js';

const MAX_BODY_BYTES = 32 * 1024;

/** Answers `POST /enrol`, `GET /healthz`, and 404 to all else. */
export async function enrolOverHttp(
  deps: EnrolmentDeps,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const path = new URL(request.url ?? '/', 'https://gateway').pathname;
  if (request.method === 'GET' && path === '/healthz') return answer(response, 200, { status: 'ok' });
  if (path !== '/enrol') return answer(response, 404, { code: 'ISM0400', message: 'not found' });
  if (request.method !== 'POST') return answer(response, 405, { code: 'ISM0404', message: 'use POST' });
  const text = await readBody(request);
  if (text === undefined)
    return answer(response, 413, {
      code: 'ISM0404',
      message: `the body has more than ${String(MAX_BODY_BYTES)} bytes`,
    });
  const { status, body } = await enrol(deps, parseJson(text));
  return answer(response, status, body);
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
