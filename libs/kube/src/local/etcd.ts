import { kubernetesBinaries } from './binaries.js';
import { freeLoopbackPort, startChild, type ChildServer, type Listener } from './child-server.js';

/** Where an etcd keeps its data, and whether they must outlive a crash of the machine. */
export interface EtcdPlace {
  home: string;
  durable: boolean;
  listener?: Listener;
  /** Address for clients; default: a free loopback port. */
  url?: string;
}

/** An etcd that answers. */
export interface LocalEtcd {
  readonly url: string;
  readonly child: ChildServer;
}

const READY_MS = 60_000;

/** Starts an etcd on the loopback and waits until it answers. */
export async function launchEtcd({ home, durable, listener, url }: EtcdPlace): Promise<LocalEtcd> {
  const client = url ?? (await freeUrl());
  const peer = await freeUrl();
  const settings = [
    ...['--name', 'it', '--data-dir', home, '--log-level', 'error', ...(durable ? [] : ['--unsafe-no-fsync'])],
    ...['--listen-client-urls', client, '--advertise-client-urls', client],
    ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `it=${peer}`],
  ];
  const child = startChild(kubernetesBinaries().etcd, settings, listener);
  try {
    await child.until(() => isHealthy(client), READY_MS);
    return { url: client, child };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

async function freeUrl(): Promise<string> {
  return `http://127.0.0.1:${String(await freeLoopbackPort())}`;
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}
