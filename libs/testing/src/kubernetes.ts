import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  freeLoopbackPort,
  launchApiserver,
  launchEtcd,
  writeApiserverKeys,
  writeKubeconfig,
  type ApiserverPlace,
  type ChildServer,
  type EdgeVersion,
} from '@isthmus/kube';

export interface KubeApiserverOptions {
  /** Where its data lies in the shared etcd; default: a fresh place. The same prefix again is the same cluster again. */
  prefix?: string;
  /** Users beside `admin`, who have the rights that the spec grants them by RBAC. */
  users?: readonly string[];
  /** Default: the testbed's own. */
  version?: EdgeVersion | undefined;
  /** More flags of its command line. */
  flags?: readonly string[];
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

/** Starts an apiserver; all of one spec file share one etcd, which ends with the last of them. */
export async function startKubeApiserver(options: KubeApiserverOptions = {}): Promise<KubeApiserver> {
  const etcd = await borrowEtcd();
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'isthmus-kube-'));
  const place: ApiserverPlace = {
    home,
    version: options.version,
    flags: options.flags,
    port: await freeLoopbackPort(),
    prefix: options.prefix ?? `/${randomBytes(6).toString('hex')}`,
    etcd: etcd.url,
    users: new Map(['admin', ...(options.users ?? [])].map((user) => [user, newUser(user)])),
  };
  writeApiserverKeys(place);
  const giveBack = async (): Promise<void> => {
    await etcd.giveBack();
    fs.rmSync(home, { recursive: true, force: true });
  };
  try {
    return serverOf(place, await launchApiserver(place), giveBack);
  } catch (error) {
    await giveBack();
    throw error;
  }
}

function newUser(user: string): { token: string; groups: string[] } {
  return { token: randomBytes(16).toString('hex'), groups: user === 'admin' ? ['system:masters'] : [] };
}

function serverOf(place: ApiserverPlace, first: ChildServer, giveBack: () => Promise<void>): KubeApiserver {
  let child = first;
  return {
    kubeconfig: kubeconfigOf(place, 'admin', place.port),
    server: `https://127.0.0.1:${String(place.port)}`,
    port: place.port,
    prefix: place.prefix,
    get pid() {
      return child.pid;
    },
    kubeconfigOf: (user, port = place.port) => kubeconfigOf(place, user, port),
    kill: () => child.stop(),
    async restart() {
      await child.stop();
      child = await launchApiserver(place);
    },
    async stop() {
      await child.stop();
      await giveBack();
    },
  };
}

function kubeconfigOf(place: ApiserverPlace, user: string, port: number): string {
  const file = path.join(place.home, `${user}-${String(port)}.kubeconfig`);
  writeKubeconfig(place, { user, file, port });
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
  const remove = (): void => fs.rmSync(home, { recursive: true, force: true });
  try {
    const { url, child } = await launchEtcd({ home, durable: false });
    return { url, stop: () => child.stop().then(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
