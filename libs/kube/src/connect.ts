import { KubeClient } from './client.js';
import { inClusterCredentials, kubeconfigCredentials, type Credentials } from './credentials.js';
import { inClusterPlace } from './env.js';
import type { TransportOptions } from './transport.js';

/** Which cluster to speak to. */
export type KubeTarget = { kubeconfig: string; context?: string } | 'in-cluster';

/** A client for the cluster around this pod, or for one that a kubeconfig names. */
export async function connectKube(
  target: KubeTarget,
  options: Omit<TransportOptions, 'credentials'> = {},
): Promise<KubeClient> {
  return new KubeClient({ ...options, credentials: await credentialsOf(target) });
}

function credentialsOf(target: KubeTarget): Promise<Credentials> | Credentials {
  if (target !== 'in-cluster') return kubeconfigCredentials(target.kubeconfig, target.context);
  const place = inClusterPlace();
  if (place === undefined) throw new Error('this is no pod: KUBERNETES_SERVICE_HOST is not set');
  return inClusterCredentials(place);
}
