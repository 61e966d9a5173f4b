import type { ClientRequest, IncomingMessage } from 'node:http';
import https from 'node:https';
import { Connections, SharedContext } from './connections.js';
import type { Access, Credentials } from './credentials.js';
import { failureOf } from './failures.js';
import { fail, succeed, type KubeFailure, type KubeResult } from './result.js';

export interface KubeRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the query. */
  path: string;
  body?: unknown;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal | undefined;
}

export interface Answer {
  status: number;
  body: unknown;
}

/** An open answer whose bytes come as they come. */
export interface OpenAnswer {
  response: IncomingMessage;
  close(): void;
}

export interface TransportOptions {
  credentials: Credentials;
  /** A whole request may take this long; default 30 s. */
  timeoutMs?: number;
  /** Connections beside the watches; default 16. */
  maxSockets?: number;
  userAgent?: string;
}

const ACCESS_LIFE_MS = 60_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_STAY_AWAY_MS = 5000;

/** HTTPS to one apiserver: credentials kept fresh, connections kept open, every request bounded in time. */
export class KubeTransport {
  readonly #short: https.Agent;
  readonly #long = new Connections({ keepAlive: true, keepAliveMsecs: 15_000 });
  readonly #context = new SharedContext();
  #access: { value: Promise<Access>; until: number } | undefined;

  constructor(private readonly options: TransportOptions) {
    this.#short = new Connections({ keepAlive: true, keepAliveMsecs: 15_000, maxSockets: options.maxSockets ?? 16 });
  }

  /** One request, with one more try where the server asks for patience or closed a connection that was kept open. */
  async request(request: KubeRequest): Promise<KubeResult<Answer>> {
    const first = await this.#once(request);
    const wait = first.result.ok ? undefined : retryAfter(request, first.result.failure, first.reused);
    if (wait === undefined || request.signal?.aborted === true) return first.result;
    await new Promise((resolve) => setTimeout(resolve, wait));
    return (await this.#once(request)).result;
  }

  /** Opens a watch. The time limit holds for the head of the answer only. */
  async open(request: KubeRequest): Promise<KubeResult<OpenAnswer>> {
    const opened = await this.#send(request, this.#long);
    if ('failure' in opened) return fail(opened.failure);
    const { call, response } = opened;
    if (response.statusCode === 200) {
      call.setTimeout(0);
      return succeed({ response, close: () => call.destroy() });
    }
    return this.#judge(await collect(response, call), response);
  }

  close(): void {
    this.#short.destroy();
    this.#long.destroy();
  }

  async #once(request: KubeRequest): Promise<{ result: KubeResult<Answer>; reused: boolean }> {
    const opened = await this.#send(request, this.#short);
    if ('failure' in opened) {
      if (opened.reused) this.#dropIdle();
      return { result: fail(opened.failure), reused: opened.reused };
    }
    const { call, response } = opened;
    return { result: this.#judge(await collect(response, call), response), reused: false };
  }

  /** A connection that was kept open is dead, so those beside it may be: the next request opens a new one instead of trying each. */
  #dropIdle(): void {
    for (const sockets of Object.values(this.#short.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }

  #judge<T>(collected: Collected, response: IncomingMessage): KubeResult<T & Answer> {
    if ('failure' in collected) return fail(collected.failure);
    const status = response.statusCode ?? 0;
    const body = parsed(collected.text);
    if (status >= 200 && status < 300) return succeed({ status, body } as T & Answer);
    if (status === 401) this.#access = undefined;
    return fail(failureOf({ status, retryAfter: response.headers['retry-after'], body }));
  }

  async #send(request: KubeRequest, agent: https.Agent): Promise<Sent> {
    let access: Access;
    try {
      access = await this.#currentAccess();
    } catch (error) {
      return { failure: { kind: 'unauthorized', message: `no credentials: ${messageOf(error)}` }, reused: false };
    }
    const { server } = this.options.credentials;
    const bytes = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const call = https.request({
      host: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port === '' ? 443 : server.port,
      path: server.pathname.replace(/\/$/, '') + request.path,
      method: request.method,
      ...this.#secured(access, agent),
      headers: { ...headersOf(request, bytes), 'user-agent': this.options.userAgent ?? 'isthmus', ...access.headers },
    });
    const timeoutMs = this.options.timeoutMs ?? 30_000;
    return answered(call, { bytes, signal: request.signal, timeoutMs });
  }

  /** A proxy's agent makes connections of its own. */
  #secured(access: Access, agent: https.Agent): https.RequestOptions {
    if (access.agent !== undefined) return { agent: access.agent, ...access.tls };
    const { ca: _ca, cert: _cert, key: _key, ...rest } = access.tls;
    return Object.assign({ agent }, rest, this.#context.of(access));
  }

  #currentAccess(): Promise<Access> {
    const now = performance.now();
    if (this.#access === undefined || now > this.#access.until) {
      const value = this.options.credentials.access();
      const fresh = { value, until: now + ACCESS_LIFE_MS };
      this.#access = fresh;
      value.catch(() => {
        if (this.#access === fresh) this.#access = undefined;
      });
    }
    return this.#access.value;
  }
}

type Sent = { call: ClientRequest; response: IncomingMessage } | { failure: KubeFailure; reused: boolean };
type Collected = { text: string } | { failure: KubeFailure };

interface Sending {
  bytes: Buffer | undefined;
  signal: AbortSignal | undefined;
  timeoutMs: number;
}

function answered(call: ClientRequest, { bytes, signal, timeoutMs }: Sending): Promise<Sent> {
  return new Promise((resolve) => {
    const cut = (reason: string) => () => call.destroy(new Error(reason));
    const abort = cut('the request was given up');
    const timer = setTimeout(cut(`no answer within ${timeoutMs} ms`), timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    call.once('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    });
    call.once('response', (response) => {
      if (response.statusCode === 200 && call.path.includes('watch=')) clearTimeout(timer);
      resolve({ call, response });
    });
    call.on('error', (error) => resolve({ failure: networkFailure(error), reused: call.reusedSocket }));
    if (signal?.aborted === true) abort();
    else call.end(bytes);
  });
}

function collect(response: IncomingMessage, call: ClientRequest): Promise<Collected> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > MAX_ANSWER_BYTES) call.destroy(new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`));
    });
    response.once('end', () => resolve({ text: Buffer.concat(chunks).toString('utf8') }));
    response.once('error', (error) => resolve({ failure: networkFailure(error) }));
    response.once('close', () => resolve({ failure: networkFailure(new Error('the answer was cut')) }));
  });
}

function headersOf({ accept, contentType }: KubeRequest, bytes: Buffer | undefined): Record<string, string> {
  const headers: Record<string, string> = { accept: accept ?? 'application/json' };
  if (bytes === undefined) return headers;
  return { ...headers, 'content-type': contentType ?? 'application/json', 'content-length': String(bytes.length) };
}

/** Reads and applies give the same result twice; other writes are only repeated where the server did not take them. */
function retryAfter({ method }: KubeRequest, failure: KubeFailure, reused: boolean): number | undefined {
  if (failure.status === 429) return Math.min(failure.retryAfterMs ?? 1000, MAX_STAY_AWAY_MS);
  const isRepeatable = method === 'GET' || method === 'PATCH';
  return reused && isRepeatable && failure.status === undefined ? 0 : undefined;
}

function networkFailure(error: Error): KubeFailure {
  return { kind: 'transient', message: messageOf(error) };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return error.message === '' ? code : error.message;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
