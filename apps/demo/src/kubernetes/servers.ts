import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_NAMESPACE, NAMES } from '@isthmus/installation';
import {
  freeLoopbackPort,
  launchApiserver,
  launchEtcd,
  writeApiserverKeys,
  writeKubeconfig,
  type ApiserverPlace,
  type ChildServer,
  type Listener,
} from '@isthmus/kube';
import type { Started } from '../control-plane.js';
import type { DataPaths } from '../paths.js';
import { supervise } from '../supervise.js';

/** Kubeconfigs of a running apiserver. */
export interface Kubeconfigs {
  /** For people: every right. */
  admin: string;
  /** For the agent: the rights of its ServiceAccount, and no more. */
  agent: string;
}

const AGENT = `system:serviceaccount:${DEFAULT_NAMESPACE}:${NAMES.agent}`;

/** Starts one etcd for all clusters, on the data of an earlier start if there is one; answers its address. */
export async function startEtcd(paths: DataPaths, started: Started): Promise<string> {
  await mkdir(paths.etcd, { recursive: true, mode: 0o700 });
  let url: string | undefined;
  await keep('etcd', { paths, started }, async (listener) => {
    const etcd = await launchEtcd({ home: paths.etcd, durable: true, listener, ...(url === undefined ? {} : { url }) });
    url = etcd.url;
    return etcd.child;
  });
  return url ?? '';
}

/** Starts the apiserver of a cluster in its folder. */
export async function startApiserver(
  { name, home, etcd }: { name: string; home: string; etcd: string },
  context: { paths: DataPaths; started: Started },
): Promise<Kubeconfigs> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${DEFAULT_NAMESPACE}`];
  const place: ApiserverPlace = {
    ...{ home, etcd, prefix: `/${name}`, port: await freeLoopbackPort() },
    users: new Map([
      ['admin', { token: randomBytes(16).toString('hex'), groups: ['system:masters'] }],
      [AGENT, { token: randomBytes(16).toString('hex'), groups }],
    ]),
  };
  writeApiserverKeys(place);
  await keep(`apiserver-${name}`, context, (listener) => launchApiserver({ ...place, listener }));
  const files = { admin: join(home, 'admin.kubeconfig'), agent: join(home, 'agent.kubeconfig') };
  writeKubeconfig(place, { user: 'admin', file: files.admin, name });
  writeKubeconfig(place, { user: AGENT, file: files.agent, name });
  return files;
}

/** Keeps a server running until everything stops, with its output in a log. */
async function keep(
  name: string,
  { paths, started }: { paths: DataPaths; started: Started },
  launch: (listener: Listener) => Promise<ChildServer>,
): Promise<void> {
  const logFile = join(paths.logs, `${name}.log`);
  const log = createWriteStream(logFile, { flags: 'a' });
  const start = async () => {
    const child = await launch((output) => void log.write(output));
    return { ended: child.gone.then((how) => `${how} (log: ${logFile})`), stop: () => child.stop() };
  };
  const { stop } = await supervise({ name, start, onRestart: started.notice, onGiveUp: started.giveUp });
  started.servers.push({ stop });
}
