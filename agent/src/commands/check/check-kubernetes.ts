import { checkCluster, checkRights, type Finding } from '@isthmus/installation';
import { connectKube } from '@isthmus/kube';
import type { AgentSettings } from '../../settings.js';
import { AGENT_VERSION } from '../../version.js';

const REQUEST_MS = 10_000;

/** The cluster as the agent's own account sees it. */
export async function checkKubernetes(settings: AgentSettings): Promise<Finding[]> {
  const { kubeconfig, agentNamespace, meshNamespace } = settings;
  const target = kubeconfig === undefined ? ('in-cluster' as const) : { kubeconfig };
  const client = await connectKube(target, { userAgent: `isthmus-agent/${AGENT_VERSION}`, timeoutMs: REQUEST_MS });
  try {
    const [cluster, rights] = await Promise.all([
      checkCluster(client, meshNamespace),
      checkRights(client, { namespace: agentNamespace, asAccount: false }),
    ]);
    return [...cluster, ...rights];
  } finally {
    client.close();
  }
}
