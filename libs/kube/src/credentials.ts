import { readFile } from 'node:fs/promises';
import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import { isIPv6 } from 'node:net';
import path from 'node:path';
import type { InClusterPlace } from './env.js';

/** What a connection needs, at one moment: certificates and tokens are replaced while a process runs. */
export interface Access {
  tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>;
  headers: Record<string, string>;
  /** Only where the kubeconfig names a proxy. */
  agent?: Agent;
}

/** Where an apiserver is and how to be let in. */
export interface Credentials {
  readonly server: URL;
  access(): Promise<Access>;
}

/** Those of the pod's service account. The token's file is replaced by the kubelet about each hour. */
export function inClusterCredentials({ host, port, folder }: InClusterPlace): Credentials {
  return {
    server: new URL(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`),
    async access() {
      const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
      const [token, ca] = await Promise.all([read('token'), read('ca.crt')]);
      return { tls: { ca }, headers: { authorization: `Bearer ${token.trim()}` } };
    },
  };
}

/**
 * Those of a kubeconfig, with exec plugins, OIDC, client certificates and proxies. The library that knows them all costs about
 * 24 MiB of memory, so it is loaded here and not by an agent that runs in its cluster.
 */
export async function kubeconfigCredentials(file: string, context?: string): Promise<Credentials> {
  const { KubeConfig } = await import('./kubeconfig-library.js');
  const config = new KubeConfig();
  config.loadFromFile(file);
  if (context !== undefined) config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${file} has no cluster for the context ${config.getCurrentContext()}`);
  const server = new URL(cluster.server);
  if (server.protocol !== 'https:') throw new Error(`${file}: ${cluster.server} is not https`);
  return {
    server,
    async access() {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      const { ca, cert, key, servername, rejectUnauthorized } = options;
      const access: Access = {
        tls: definedOf({ ca, cert, key, servername, rejectUnauthorized }),
        headers: headersOf(options),
      };
      if (options.auth) access.headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
      if (cluster.proxyUrl && typeof options.agent === 'object') access.agent = options.agent;
      return access;
    },
  };
}

function headersOf({ headers }: RequestOptions): Record<string, string> {
  if (headers === undefined || Array.isArray(headers)) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function definedOf(tls: Access['tls']): Access['tls'] {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
}
