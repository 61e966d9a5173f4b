import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { kubernetesBinaries, type EdgeVersion } from './binaries.js';
import { startChild, type ChildServer, type Listener } from './child-server.js';

/** Somebody whom an apiserver knows by a token. */
export interface ApiUser {
  token: string;
  groups: readonly string[];
}

/** Where an apiserver keeps its keys, where it listens, and whom it knows; one of them is `admin`. */
export interface ApiserverPlace {
  home: string;
  port: number;
  /** Where its data lies in etcd. */
  prefix: string;
  /** Address of etcd. */
  etcd: string;
  users: ReadonlyMap<string, ApiUser>;
  /** Default: the testbed's own. */
  version?: EdgeVersion | undefined;
  listener?: Listener;
  /** More flags of its command line. */
  flags?: readonly string[] | undefined;
}

const READY_MS = 60_000;

/** Writes what an apiserver needs in its folder; a key that is there is kept. */
export function writeApiserverKeys({ home, users }: ApiserverPlace): void {
  const key = path.join(home, 'sa.key');
  if (!fs.existsSync(key)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    fs.writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  const lines = [...users].map(([user, { token, groups }]) => `${token},${user},${user},"${groups.join(',')}"`);
  fs.writeFileSync(path.join(home, 'tokens.csv'), `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** Starts a kube-apiserver on the loopback, with RBAC and without controllers and kubelets, and waits until it is ready. */
export async function launchApiserver(place: ApiserverPlace): Promise<ChildServer> {
  const file = (name: string): string => path.join(place.home, name);
  const settings = [
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
    ...(place.flags ?? []),
  ];
  const child = startChild(kubernetesBinaries(place.version).apiserver, settings, place.listener);
  try {
    await child.until(() => isReady(place), READY_MS);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** Ready, and its own namespaces are made. */
async function isReady(place: ApiserverPlace): Promise<boolean> {
  const paths = ['/readyz', '/api/v1/namespaces/kube-system', '/api/v1/namespaces/default'];
  const answers = await Promise.all(paths.map((at) => statusOf(place, at)));
  return answers.every((status) => status === 200);
}

function statusOf({ port, users }: ApiserverPlace, at: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${users.get('admin')?.token ?? ''}` };
    const call = https.get({ host: '127.0.0.1', port, path: at, headers, rejectUnauthorized: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    call.once('error', () => resolve(0));
  });
}

/** Writes a kubeconfig of one of the users, for a port that may be that of something in between. */
export function writeKubeconfig(
  place: ApiserverPlace,
  { user, file, port = place.port, name = 'it' }: { user: string; file: string; port?: number; name?: string },
): void {
  const token = place.users.get(user)?.token;
  if (token === undefined) throw new Error(`${user} is no user of this apiserver`);
  const ca = fs.readFileSync(path.join(place.home, 'apiserver.crt')).toString('base64');
  const cluster = { server: `https://127.0.0.1:${String(port)}`, 'certificate-authority-data': ca };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  };
  fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
}
