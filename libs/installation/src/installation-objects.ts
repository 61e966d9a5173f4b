import type { KubeObject } from '@isthmus/domain';
import { DEFAULT_NAMESPACE, INSTALL_LABELS } from './names.js';
import { accessObjects } from './objects/access.js';
import { deploymentObject } from './objects/deployment.js';
import { limitObjects } from './objects/limits.js';
import { materialObjects } from './objects/material.js';
import type { InstallationValues } from './values.js';

/**
 * Everything that `kubectl apply` needs to bring an agent into a cluster, in the order in which it has to be made. The chart renders the same
 * objects from the same values, but for the Namespace, which is Helm's affair.
 */
export function installationObjects(values: InstallationValues, namespace = DEFAULT_NAMESPACE): KubeObject[] {
  return [
    namespaceObject(namespace),
    ...accessObjects(namespace, values.rbac ?? {}),
    ...materialObjects(namespace, values),
    ...limitObjects(namespace, values),
    deploymentObject(namespace, values),
  ];
}

/** Refuses pods that are not as harmless as the agent's, and a sidecar in it. */
function namespaceObject(name: string): KubeObject {
  const guards = {
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/warn': 'restricted',
    'istio-injection': 'disabled',
  };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...INSTALL_LABELS, ...guards } } };
}
