import { access, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AGENT_MALLOC } from '@isthmus/installation';
import { startProgram, type Started } from './control-plane.js';
import { hasKubernetesIdentity, kubernetesFlags, type KubernetesCluster } from './kubernetes/kubernetes-clusters.js';
import type { StartOptions } from './options.js';
import { DEMO_BUNDLE, PROGRAMS, type DataPaths } from './paths.js';

/** A demo cluster that stands for one by folders. */
export interface FolderCluster {
  kind: 'directory';
  name: string;
  /** Manifests that stand for what runs in the cluster: change them and watch. */
  manifests: string;
  /** Where its agent writes the mesh configuration. */
  rendered: string;
  state: string;
}

export type DemoCluster = FolderCluster | KubernetesCluster;

/** What an agent needs to join for the first time. */
export interface JoinTicket {
  token: string;
  /** CA of the gateway, PEM. */
  ca: string;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Names of the demo's clusters: the folders of the bundle. */
export async function demoClusterNames(): Promise<string[]> {
  return (await readdir(join(DEMO_BUNDLE, 'clusters'))).sort();
}

/** Lays out the folders of the demo clusters; manifests that are there already are kept as people left them. */
export async function prepareFolderClusters(paths: DataPaths): Promise<FolderCluster[]> {
  const names = await demoClusterNames();
  return Promise.all(
    names.map(async (name) => {
      const home = join(paths.clusters, name);
      const cluster = {
        kind: 'directory' as const,
        name,
        manifests: join(home, 'manifests'),
        rendered: join(home, 'rendered'),
        state: join(home, 'state'),
      };
      await mkdir(home, { recursive: true });
      if (!(await exists(cluster.manifests))) await copyManifests(name, cluster.manifests);
      await mkdir(cluster.rendered, { recursive: true });
      await mkdir(cluster.state, { recursive: true, mode: 0o700 });
      return cluster;
    }),
  );
}

async function copyManifests(name: string, target: string): Promise<void> {
  const draft = `${target}.draft`;
  await rm(draft, { recursive: true, force: true });
  const filter = (source: string): boolean => !source.endsWith('/cluster.yaml');
  await cp(join(DEMO_BUNDLE, 'clusters', name), draft, { recursive: true, filter });
  await cp(draft, target, { recursive: true });
  await rm(draft, { recursive: true });
}

/** True once the agent has an identity of its own, so that it needs no token. */
export function hasIdentity(cluster: DemoCluster): Promise<boolean> {
  return cluster.kind === 'kubernetes' ? hasKubernetesIdentity(cluster) : exists(join(cluster.state, 'identity.json'));
}

/** Starts the agent of a demo cluster over the real protocol. */
export async function startAgent(
  cluster: DemoCluster,
  join_: { ticket: JoinTicket | undefined; options: StartOptions; paths: DataPaths },
  started: Started,
): Promise<void> {
  const { ticket, options, paths } = join_;
  const args = ['run', '--gateway', `https://127.0.0.1:${options.gatewayPort}`, '--state', cluster.state];
  if (cluster.kind === 'kubernetes') args.push(...(await kubernetesFlags(cluster, options, ticket)));
  else args.push('--cluster-port', 'directory', '--manifests', cluster.manifests, '--out', cluster.rendered);
  if (ticket !== undefined) {
    const [tokenFile, caFile] = [join(cluster.state, 'enrolment-token'), join(cluster.state, 'gateway-ca.pem')];
    await writeFile(tokenFile, ticket.token, { mode: 0o600 });
    await writeFile(caFile, ticket.ca);
    args.push('--token-file', tokenFile, '--ca', caFile);
  }
  // A bound on the heap goes with the limit of a pod, and a folder may hold far more than the demo's clusters.
  const env = { ...AGENT_MALLOC };
  await startProgram({ name: `agent-${cluster.name}`, script: PROGRAMS.agent, args, env }, paths, started);
}
