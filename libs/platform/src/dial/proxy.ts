import type { Agent } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';

export interface ProxySettings {
  httpsProxy?: string | undefined;
  /** Comma-separated hosts, domain suffixes and address ranges, each perhaps with a port, that are dialled directly; `*` for all. */
  noProxy?: string | undefined;
}

/** The agent to dial `target` through, or undefined for a direct connection. TLS stays end to end: the proxy sees CONNECT only. */
export function proxyFor(target: string, settings: ProxySettings): Agent | undefined {
  const address = proxyAddress(target, settings);
  return address === undefined ? undefined : new HttpsProxyAgent(address);
}

/** The address of the proxy on the way to `target`, or undefined for a direct connection. */
export function proxyAddress(target: string, { httpsProxy = '', noProxy = '' }: ProxySettings): string | undefined {
  if (httpsProxy === '') return undefined;
  const { hostname, port } = new URL(target);
  return isDirect({ host: hostname, port: port === '' ? 443 : Number(port) }, noProxy) ? undefined : httpsProxy;
}

/** True if the list of NO_PROXY names the host itself, a parent domain, a range with its address, or everything. */
export function isDirect({ host, port }: { host: string; port: number }, noProxy: string): boolean {
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '');
  return noProxy
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .some((item) => item !== '' && matches({ host: bare, port }, item));
}

/** A host or a bracketed address, perhaps with a port. */
const PLACE = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/;

function matches({ host, port }: { host: string; port: number }, item: string): boolean {
  if (item === '*') return true;
  if (item.includes('/')) return isInRange(host, item);
  const [, bracketed, plain = item, named = String(port)] = PLACE.exec(item) ?? [];
  return Number(named) === port && isWithin(host, (bracketed ?? plain).replace(/^\*?\./, ''));
}

function isWithin(host: string, domain: string): boolean {
  if (domain === '') return false;
  return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function isInRange(host: string, range: string): boolean {
  const [net = '', bits = ''] = range.split('/');
  const family = isIP(host);
  if (family === 0 || family !== isIP(net) || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const name = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(net, Number(bits), name);
  return list.check(host, name);
}
