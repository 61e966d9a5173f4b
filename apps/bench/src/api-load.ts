import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Operation } from './api-operations.js';

/** Sends operations to one API over connections that stay open. */
export interface ApiClient {
  /** Rejects unless it was answered with data and without errors. */
  send(operation: Operation): Promise<void>;
  close(): void;
}

export function apiClient(url: string): ApiClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    send: (operation) => post(new URL('/graphql', url), operation, agent),
    close: () => agent.destroy(),
  };
}

function post(url: URL, { token, query, variables }: Operation, agent: Agent): Promise<void> {
  const body = JSON.stringify({ query, variables });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${token}`,
  };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isGood = response.statusCode === 200 && !text.includes('"errors":') && !text.includes('"error":{');
        if (isGood) resolve();
        else reject(new Error(`the API answered ${String(response.statusCode)}: ${text.slice(0, 500)}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/**
 * Starts `count` pieces of work at a steady rate, whether or not earlier ones have ended, and answers how long each took since the moment
 * at which it was due: time that it waited because the sender was late counts.
 */
export async function atRate(
  { rate, count }: { rate: number; count: number },
  start: (index: number) => Promise<void>,
): Promise<number[]> {
  const begin = performance.now();
  const running: Promise<number>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = begin + (index * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    running.push(start(index).then(() => performance.now() - due));
  }
  return Promise.all(running);
}
