import { request } from 'node:https';
import type { Agent } from 'node:http';

/** Where to ask. `certificate` and `privateKey`: who asks. */
export interface GatewayPost {
  gateway: string;
  ca: string;
  proxy?: Agent | undefined;
  certificate?: string;
  privateKey?: string;
}

export interface GatewayAnswer {
  status: number;
  text: string;
  retryAfterMs: number | undefined;
}

const MAX_ANSWER_CHARS = 1024 * 1024;
const TIMEOUT_MS = 15_000;

/** One request to a door of the gateway, on a connection of its own. */
export function postToGateway(options: GatewayPost, path: string, body: string): Promise<GatewayAnswer> {
  const { gateway, ca, proxy, certificate, privateKey } = options;
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, gateway),
      {
        ...{ method: 'POST', ca, cert: certificate, key: privateKey, agent: proxy ?? false, timeout: TIMEOUT_MS },
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MAX_ANSWER_CHARS) response.destroy(new Error('the answer is too long'));
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text,
            retryAfterMs: millisecondsOf(response.headers['retry-after']),
          }),
        );
      },
    );
    call.on('timeout', () => call.destroy(new Error('the gateway did not answer within 15 s')));
    call.on('error', reject);
    call.end(body);
  });
}

function millisecondsOf(retryAfter: string | undefined): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN);
  return Number.isInteger(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : undefined;
}
