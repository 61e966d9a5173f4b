import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from './metrics.js';

/** Resolves when the part is usable; rejects or returns a reason when it is not. */
export type HealthCheck = () => Promise<string | undefined> | string | undefined;

export interface HealthOptions {
  version: string;
  /** Named parts that must work before traffic is sent here. */
  ready: Record<string, HealthCheck>;
  metrics?: Registry;
}

export interface HealthAnswer {
  status: number;
  type: string;
  body: string;
}

/** Answers /healthz (the process lives), /readyz (its parts work), /metrics and /version; undefined for any other path. */
export async function answerHealth(path: string, options: HealthOptions): Promise<HealthAnswer | undefined> {
  switch (path) {
    case '/healthz':
      return json(200, { status: 'ok' });
    case '/readyz':
      return readiness(options.ready);
    case '/version':
      return json(200, { version: options.version });
    case '/metrics':
      if (!options.metrics) return undefined;
      return { status: 200, type: options.metrics.contentType, body: await options.metrics.metrics() };
    default:
      return undefined;
  }
}

/** The health answers on a port of their own, for processes that serve nothing else. Port 0 takes a free one. */
export async function startHealthServer(
  at: { host: string; port: number },
  options: HealthOptions,
): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer((request, response) => void respond(request, response, options));
  await listen(server, at);
  const { port } = server.address() as AddressInfo;
  return { port, close: () => closeServer(server) };
}

async function respond(request: IncomingMessage, response: ServerResponse, options: HealthOptions): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const answer = (await answerHealth(path, options)) ?? json(404, { error: 'not found' });
  response.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store' });
  response.end(answer.body);
}

async function readiness(checks: Record<string, HealthCheck>): Promise<HealthAnswer> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await outcome(check)] as const),
  );
  const failed = results.filter(([, reason]) => reason !== undefined);
  return json(failed.length === 0 ? 200 : 503, {
    status: failed.length === 0 ? 'ready' : 'not ready',
    checks: Object.fromEntries(results.map(([name, reason]) => [name, reason ?? 'ok'])),
  });
}

async function outcome(check: HealthCheck): Promise<string | undefined> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function json(status: number, body: unknown): HealthAnswer {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}

function listen(server: Server, at: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
