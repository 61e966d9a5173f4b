import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Started } from '../control-plane.js';
import type { JoinTicket } from '../demo-clusters.js';
import type { StartOptions } from '../options.js';
import { DEMO_BUNDLE, type DataPaths } from '../paths.js';
import { buildPrograms } from './build-programs.js';
import { fillCluster, holdsIdentity, installAgent } from './fill-cluster.js';
import { startApiserver, startEtcd, type Kubeconfigs } from './servers.js';

/** A demo cluster with an apiserver of its own. */
export interface KubernetesCluster extends Kubeconfigs {
  kind: 'kubernetes';
  name: string;
  state: string;
}

interface ClustersContext {
  names: readonly string[];
  paths: DataPaths;
  started: Started;
  step: (text: string) => void;
  /** Aborted when the product is being stopped. */
  signal: AbortSignal;
}

/** Starts etcd and an apiserver for each demo cluster; what people changed in one since the first start is kept. */
export async function startKubernetesClusters(context: ClustersContext): Promise<KubernetesCluster[]> {
  const { names, paths, started, step, signal } = context;
  await buildPrograms(step, { signal });
  step('starting etcd and three kube-apiservers');
  const etcd = await startEtcd(paths, started);
  const clusters = await Promise.all(names.map((name) => startCluster(name, etcd, context)));
  step(`apiservers are up: ${names.join(', ')}`);
  return clusters;
}

async function startCluster(name: string, etcd: string, context: ClustersContext): Promise<KubernetesCluster> {
  const { paths, started, step } = context;
  const [home, state] = [join(paths.clusters, name, 'kubernetes'), join(paths.clusters, name, 'state')];
  await mkdir(state, { recursive: true, mode: 0o700 });
  const kubeconfigs = await startApiserver({ name, home, etcd }, { paths, started });
  const filled = join(home, 'filled');
  const isFilled = await access(filled).then(
    () => true,
    () => false,
  );
  if (!isFilled) {
    const unserved = await fillCluster(kubeconfigs.admin, join(DEMO_BUNDLE, 'clusters', name));
    if (unserved.length > 0) step(`${name} does not serve, and was not given: ${unserved.join(', ')}`);
    await writeFile(filled, '');
  }
  return { kind: 'kubernetes', name, state, ...kubeconfigs };
}

/** True once the agent has an identity of its own in the cluster, so that it needs no token. */
export function hasKubernetesIdentity({ admin }: KubernetesCluster): Promise<boolean> {
  return holdsIdentity(admin);
}

/** The flags of the agent that differ by kind of cluster; before its first run it is installed. */
export async function kubernetesFlags(
  cluster: KubernetesCluster,
  options: StartOptions,
  ticket: JoinTicket | undefined,
): Promise<string[]> {
  if (ticket !== undefined)
    await installAgent(cluster.admin, `https://127.0.0.1:${String(options.gatewayPort)}`, ticket);
  return ['--cluster-port', 'kubernetes', '--kubeconfig', cluster.agent];
}
