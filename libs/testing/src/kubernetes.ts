import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { type ChildServer, freeLoopbackPort, startChild } from './child-server.js';
import { type EdgeVersion, kubernetesBinaries } from './kubernetes-binaries.js';

export interface KubeApiserverOptions {
  /** Where its data lies in the shared etcd; default: a fresh place. The same prefix again is the same cluster again. */
  prefix?: string;
  /** Users beside `admin`, who have the rights that the spec grants them by RBAC. */
  users?: readonly string[];
  /** Default: the testbed's own. */
  version?: EdgeVersion | undefined;
}

/** A real kube-apiserver on a free loopback port, with RBAC and without controllers, kubelets and CRDs. */
export interface KubeApiserver {
  /** Path of the admin's kubeconfig. */
  readonly kubeconfig: string;
  readonly server: string;
  readonly port: number;
  readonly prefix: string;
  readonly pid: number;
  /** Path of a kubeconfig of one of the users, on another port if the spec put something in between. */
  kubeconfigOf(user: string, port?: number): string;
  /** Ends the process at once, as a crash does; `restart` brings it back on the same port with the same data. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const READY_MS = 60_000;

/** Starts an apiserver; all of one spec file share one etcd, which ends with the last of them. */
export async function startKubeApiserver(options: KubeApiserverOptions = {}): Promise<KubeApiserver> {
  const etcd = await borrowEtcd();
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'isthmus-kube-'));
  const place: Place = {
    home,
    version: options.version,
    port: await freeLoopbackPort(),
    prefix: options.prefix ?? `/${randomBytes(6).toString('hex')}`,
    etcd: etcd.url,
    tokens: new Map(['admin', ...(options.users ?? [])].map((user) => [user, randomBytes(16).toString('hex')])),
  };
  writeKeys(place);
  const giveBack = async (): Promise<void> => {
    await etcd.giveBack();
    fs.rmSync(home, { recursive: true, force: true });
  };
  try {
    return serverOf(place, await launch(place), giveBack);
  } catch (error) {
    await giveBack();
    throw error;
  }
}

interface Place {
  home: string;
  version: EdgeVersion | undefined;
  port: number;
  prefix: string;
  etcd: string;
  tokens: ReadonlyMap<string, string>;
}

function serverOf(place: Place, first: ChildServer, giveBack: () => Promise<void>): KubeApiserver {
  let child = first;
  return {
    kubeconfig: writeKubeconfig(place, 'admin', place.port),
    server: `https://127.0.0.1:${String(place.port)}`,
    port: place.port,
    prefix: place.prefix,
    get pid() {
      return child.pid;
    },
    kubeconfigOf: (user, port = place.port) => writeKubeconfig(place, user, port),
    kill: () => child.stop(),
    async restart() {
      await child.stop();
      child = await launch(place);
    },
    async stop() {
      await child.stop();
      await giveBack();
    },
  };
}

function writeKeys({ home, tokens }: Place): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  fs.writeFileSync(path.join(home, 'sa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const lines = [...tokens].map(
    ([user, token]) => `${token},${user},${user}${user === 'admin' ? ',system:masters' : ''}`,
  );
  fs.writeFileSync(path.join(home, 'tokens.csv'), `${lines.join('\n')}\n`, { mode: 0o600 });
}

async function launch(place: Place): Promise<ChildServer> {
  const file = (name: string): string => path.join(place.home, name);
  const child = startChild(kubernetesBinaries(place.version).apiserver, [
    `--etcd-servers=${place.etcd}`,
    `--etcd-prefix=${place.prefix}`,
    `--secure-port=${String(place.port)}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--cert-dir=${place.home}`,
    `--service-account-key-file=${file('sa.key')}`,
    `--service-account-signing-key-file=${file('sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=RBAC',
    `--token-auth-file=${file('tokens.csv')}`,
    '--disable-admission-plugins=ServiceAccount',
    '--allow-privileged=true',
    '--profiling=false',
  ]);
  try {
    await child.until(() => isReady(place), READY_MS);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** Ready, and its own namespaces are made. */
async function isReady(place: Place): Promise<boolean> {
  const paths = ['/readyz', '/api/v1/namespaces/kube-system', '/api/v1/namespaces/default'];
  const answers = await Promise.all(paths.map((at) => statusOf(place, at)));
  return answers.every((status) => status === 200);
}

function statusOf({ port, tokens }: Place, at: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${tokens.get('admin') ?? ''}` };
    const call = https.get({ host: '127.0.0.1', port, path: at, headers, rejectUnauthorized: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    call.once('error', () => resolve(0));
  });
}

function writeKubeconfig(place: Place, user: string, port: number): string {
  const token = place.tokens.get(user);
  if (token === undefined) throw new Error(`${user} is no user of this apiserver`);
  const ca = fs.readFileSync(path.join(place.home, 'apiserver.crt')).toString('base64');
  const cluster = { server: `https://127.0.0.1:${String(port)}`, 'certificate-authority-data': ca };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'it', cluster }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'it', context: { cluster: 'it', user } }],
    'current-context': 'it',
  };
  const file = path.join(place.home, `${user}-${String(port)}.kubeconfig`);
  fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

interface Etcd {
  url: string;
  stop(): Promise<void>;
}

let shared: { etcd: Promise<Etcd>; borrowers: number } | undefined;

async function borrowEtcd(): Promise<{ url: string; giveBack(): Promise<void> }> {
  shared ??= { etcd: startEtcd(), borrowers: 0 };
  const mine = shared;
  mine.borrowers += 1;
  const giveBack = async (): Promise<void> => {
    mine.borrowers -= 1;
    if (mine.borrowers > 0) return;
    if (shared === mine) shared = undefined;
    await (await mine.etcd).stop();
  };
  try {
    return { url: (await mine.etcd).url, giveBack };
  } catch (error) {
    if (shared === mine) shared = undefined;
    throw error;
  }
}

async function startEtcd(): Promise<Etcd> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'isthmus-etcd-'));
  const [client, peer] = [await freeLoopbackPort(), await freeLoopbackPort()].map(
    (port) => `http://127.0.0.1:${String(port)}`,
  ) as [string, string];
  const child = startChild(kubernetesBinaries().etcd, [
    ...['--name', 'it', '--data-dir', home, '--unsafe-no-fsync', '--log-level', 'error'],
    ...['--listen-client-urls', client, '--advertise-client-urls', client],
    ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `it=${peer}`],
  ]);
  const stop = async (): Promise<void> => {
    await child.stop();
    fs.rmSync(home, { recursive: true, force: true });
  };
  try {
    await child.until(() => isHealthy(client), READY_MS);
    return { url: client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}
