import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

/** A certificate with its key; it is its own CA. */
export interface Certificate {
  cert: string;
  key: string;
  file: string;
}

/** Made by openssl, for these names. */
export async function selfSigned(folder: string, commonName: string, names: readonly string[]): Promise<Certificate> {
  const base = path.join(folder, commonName.replaceAll(/\W/g, '-'));
  const [cert, key] = [`${base}.crt`, `${base}.key`];
  const alternatives = names.map((name) => `${net.isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`).join(',');
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  await promisify(execFile)('openssl', [
    ...['req', ...kind, '-subj', `/O=Example Corp/CN=${commonName}`],
    ...['-addext', `subjectAltName=${alternatives}`, '-keyout', key, '-out', cert],
  ]);
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8'), file: cert };
}

export interface ConnectProxyOptions {
  /** Names that only the proxy resolves, to a port of the loopback. */
  hosts: Readonly<Record<string, number>>;
  /** `user:password` that it asks for. */
  password?: string;
  /** Its own TLS, for an https:// proxy. */
  tls?: Certificate;
  /** Answers every CONNECT with this. */
  refuse?: number;
}

/** A real CONNECT proxy. */
export interface ConnectProxy {
  readonly port: number;
  /** What was asked for, in order. */
  readonly seen: string[];
  close(): Promise<void>;
}

export async function startConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  const seen: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = options.tls === undefined ? http.createServer() : https.createServer(options.tls);
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request: http.IncomingMessage, client: net.Socket) => {
    seen.push(request.url ?? '');
    client.on('error', () => undefined);
    const [host = ''] = (request.url ?? '').split(':');
    const refusal = refusalOf(options, request, host);
    if (refusal !== undefined) return void client.end(`HTTP/1.1 ${refusal} No\r\ncontent-length: 0\r\n\r\n`);
    const upstream = net.connect(options.hosts[host] ?? 0, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => client.destroy());
    client.once('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function refusalOf(options: ConnectProxyOptions, request: http.IncomingMessage, host: string): string | undefined {
  const { password, refuse, hosts } = options;
  const wanted = password === undefined ? undefined : `Basic ${Buffer.from(password).toString('base64')}`;
  if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) return '407';
  if (refuse !== undefined) return String(refuse);
  return hosts[host] === undefined ? '502' : undefined;
}
