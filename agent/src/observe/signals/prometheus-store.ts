import { readFile } from 'node:fs/promises';
import { readVector } from '@isthmus/meshes';
import type { MetricsStore, StoreAnswer, StoreFault } from './metrics-store.js';

export interface PrometheusOptions {
  /** Base address; a path before `/api/v1` stays. */
  url: string;
  /** Bearer token; read again for each query, since such tokens rotate. */
  tokenFile: string | undefined;
  timeoutMs: number;
}

/** Most bytes of an answer; more than 5,000 services with histograms need. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** A store with the HTTP API of Prometheus: itself, Thanos, Mimir, VictoriaMetrics. */
export function prometheusStore({ url, tokenFile, timeoutMs }: PrometheusOptions): MetricsStore {
  const address = new URL('api/v1/query', url.endsWith('/') ? url : `${url}/`);
  return {
    query: async (text, time) => {
      const token = tokenFile === undefined ? undefined : await readToken(tokenFile);
      if (token?.ok === false) return token;
      // Thanos may answer in part otherwise, which would be counted as the whole.
      const body = new URLSearchParams({ query: text, time: String(time), partial_response: 'false' });
      try {
        const response = await fetch(address, {
          method: 'POST',
          body,
          headers: token === undefined ? {} : { authorization: `Bearer ${token.text}` },
          // A redirect could carry the token elsewhere.
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        });
        return answerOf(response.status, await textOf(response));
      } catch (error) {
        return fault('ISM0700', reasonOf(error));
      }
    },
  };
}

type Token = { ok: true; text: string } | { ok: false; code: StoreFault; reason: string };

async function readToken(file: string): Promise<Token> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return /^[\x21-\x7e]+$/.test(text) ? { ok: true, text } : fault('ISM0702', `${file} holds no token`);
  } catch (error) {
    return fault('ISM0702', `${file}: ${codeOf(error) ?? 'not readable'}`);
  }
}

function answerOf(status: number, text: string | undefined): StoreAnswer {
  if (text === undefined) return fault('ISM0701', 'the answer is too large');
  const body = jsonOf(text);
  if (status >= 500 && body === undefined) return fault('ISM0700', `it answers with status ${String(status)}`);
  if (body === undefined) return fault('ISM0701', `status ${String(status)} without JSON`);
  const answer = readVector(body);
  if (!answer.ok) return fault('ISM0701', `status ${String(status)}: ${answer.reason.slice(0, 300)}`);
  return answer;
}

function fault(code: StoreFault, reason: string): { ok: false; code: StoreFault; reason: string } {
  return { ok: false, code, reason };
}

/** Undefined if there is more than may be. */
async function textOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without what differs from one try to the next, so that the same fault is reported once. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer within the timeout';
  const cause = error instanceof Error ? error.cause : undefined;
  return codeOf(cause) ?? (cause instanceof Error ? cause.message : undefined) ?? String(error);
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
