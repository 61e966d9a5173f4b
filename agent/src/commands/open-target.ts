import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { connectKube } from '@isthmus/kube';
import { renderYaml } from '@isthmus/meshes';
import { systemClock } from '@isthmus/platform';
import type { ClusterPort } from '../cluster/cluster-port.js';
import { openDirectoryCluster } from '../cluster/directory/directory-cluster.js';
import { secretIdentityStore } from '../cluster/kubernetes/identity-secret.js';
import { openKubernetesCluster } from '../cluster/kubernetes/kubernetes-cluster.js';
import { fileIdentityStore } from '../identity/identity.js';
import type { IdentityStore } from '../identity/identity.js';
import type { AgentSettings } from '../settings.js';
import { AGENT_VERSION } from '../version.js';

/** The cluster that the settings name, and where its identity is kept. */
export interface Target {
  cluster: ClusterPort;
  identities: IdentityStore;
}

export interface TargetOptions {
  signal?: AbortSignal;
  /** How long to wait for another agent to let go; default until the signal. */
  patienceMs?: number;
  /** Another agent acts now: this one must end. */
  lost?: () => void;
  /** Something keeps this agent from acting. */
  warn?: (message: string) => void;
}

/** A write that is under way when the Lease cannot be renewed must be over before another agent may begin. */
const REQUEST_MS = 10_000;

/** Opens the cluster. Nothing is written before it is held. */
export async function openTarget(settings: AgentSettings, options: TargetOptions = {}): Promise<Target> {
  switch (settings.clusterPort) {
    case 'directory':
      return { cluster: await openFolders(settings), identities: fileIdentityStore(settings.state) };
    case 'kubernetes':
      return openKubernetes(settings, options);
  }
}

function openFolders({ manifests, out }: AgentSettings): Promise<ClusterPort> {
  return openDirectoryCluster({ manifests, out, toYaml: (object) => renderYaml([object]) });
}

async function openKubernetes(settings: AgentSettings, options: TargetOptions): Promise<Target> {
  const { kubeconfig, agentNamespace, meshNamespace, identitySecret } = settings;
  const userAgent = `isthmus-agent/${AGENT_VERSION}`;
  const target = kubeconfig === undefined ? ('in-cluster' as const) : { kubeconfig };
  const client = await connectKube(target, { userAgent, timeoutMs: REQUEST_MS });
  let wasActing = false;
  const cluster = openKubernetesCluster({
    ...{ client, agentNamespace, meshNamespace, clock: systemClock, random: Math.random },
    holder: `${hostname()}_${randomUUID()}`,
    leaseFailed: (reason) => options.warn?.(`the Lease cannot be taken: ${reason}`),
    signal: options.signal,
    patienceMs: options.patienceMs,
    acting: (isActing) => {
      if (wasActing && !isActing) options.lost?.();
      wasActing = isActing;
    },
  });
  return { cluster, identities: secretIdentityStore(client, { namespace: agentNamespace, name: identitySecret }) };
}
