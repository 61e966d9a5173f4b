import type { Agent } from 'node:http';
import { HttpsProxyAgent } from 'https-proxy-agent';

export interface ProxySettings {
  httpsProxy?: string;
  /** Comma-separated hosts or domain suffixes that are dialled directly; `*` for all. */
  noProxy?: string;
}

/** The agent to dial `target` through, or undefined for a direct connection. TLS stays end to end: the proxy sees CONNECT only. */
export function proxyFor(target: string, settings: ProxySettings): Agent | undefined {
  if (settings.httpsProxy === undefined || settings.httpsProxy === '') return undefined;
  if (isDirect(new URL(target).hostname, settings.noProxy ?? '')) return undefined;
  return new HttpsProxyAgent(settings.httpsProxy);
}

/** True if the list of NO_PROXY names the host itself, a parent domain, or everything. */
export function isDirect(host: string, noProxy: string): boolean {
  return noProxy
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '')
    .some((item) => item === '*' || matchesDomain(host.toLowerCase(), item.replace(/^\*?\./, '')));
}

function matchesDomain(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
