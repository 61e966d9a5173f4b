import type { KubeObject } from '@isthmus/domain';
import { NAMES, SELECTOR } from '../names.js';
import { DEFAULTS, type InstallationValues } from '../values.js';
import { metadataOf, portOf } from './place.js';

/** Who the agent may speak to, and how it leaves a node. */
export function limitObjects(namespace: string, values: InstallationValues): KubeObject[] {
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadataOf(NAMES.agent, namespace),
      spec: {
        podSelector: { matchLabels: { ...SELECTOR } },
        policyTypes: ['Ingress', 'Egress'],
        egress: egressOf(values),
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadataOf(NAMES.agent, namespace),
      spec: { maxUnavailable: 1, selector: { matchLabels: { ...SELECTOR } } },
    },
  ];
}

/** Names, the apiserver, the gateway or the proxy before it, and the metrics store: by port, since addresses are not known here. */
function egressOf({ gateway, proxy = {}, prometheus = {} }: InstallationValues): object[] {
  const dialled = (proxy.https ?? '') === '' ? gateway.url : (proxy.https ?? '');
  const tcp = (...ports: number[]) => ({ ports: ports.map((port) => ({ protocol: 'TCP', port })) });
  return [
    {
      ports: [
        { protocol: 'UDP', port: 53 },
        { protocol: 'TCP', port: 53 },
      ],
    },
    tcp(...DEFAULTS.apiServerPorts),
    tcp(portOf(dialled)),
    ...((prometheus.url ?? '') === '' ? [] : [tcp(portOf(prometheus.url ?? ''))]),
  ];
}
