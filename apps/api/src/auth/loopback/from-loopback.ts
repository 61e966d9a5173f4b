import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../sign-in-settings.js';

/** What proxies add: a request that one of them passed on came from anywhere. */
const OF_PROXIES = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127(\.\d+){3})$/;

/** True if the request began on this machine: from its loopback, for a name of it (no other name that leads here), and past no proxy. */
export function isFromLoopback({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  if (OF_PROXIES.some((name) => headers[name] !== undefined)) return false;
  if (!LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '')) return false;
  const url = `http://${headers.host ?? ''}`;
  return URL.canParse(url) && isLoopback(new URL(url));
}

/** True if nothing but this machine reaches an API that listens on the host, and browsers are told no other address of it. */
export function isBoundToLoopback(host: string, publicUrl: URL): boolean {
  const name = host.includes(':') ? `[${host}]` : host;
  return URL.canParse(`http://${name}`) && isLoopback(new URL(`http://${name}`)) && isLoopback(publicUrl);
}
