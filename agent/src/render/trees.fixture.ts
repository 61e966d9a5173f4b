import { buildTree, entry } from '@isthmus/domain';
import type { Canonical, LocalFacts, Tree } from '@isthmus/domain';

export const LOCAL: LocalFacts = {
  cluster: 'east',
  namespaces: [{ name: 'shop', labels: {} }],
  agentNamespace: 'isthmus-system',
  dnsCapture: true,
};

/** The policy: workloads of every member namespace may call. */
export function policyTree(mode: 'PERMISSIVE' | 'STRICT' = 'STRICT'): Tree {
  return buildTree([
    entry('gns', {
      kind: 'gns',
      project: 'p',
      name: 'bookinfo',
      domain: 'bookinfo.global',
      memberClusters: ['east', 'west'],
      consumers: [{ clusters: ['east', 'west'], namespaces: { names: ['shop'] } }],
    }),
    entry('gns/encryption', { kind: 'encryption', mode }),
  ]);
}

export type Fields = Record<string, Canonical>;

/** The entry of a cluster, as its name decides. */
export function clusterEntry(name: string, fields: Fields = {}): [string, Fields] {
  const address = name === 'east' ? '10.0.0.1' : '10.0.0.2';
  const gateway = { address, port: 15_443, namespace: 'istio-system', selector: [{ name: 'istio', value: 'ew' }] };
  const base = { kind: 'cluster', name, mesh: 'istio', trustDomain: 'cluster.local', clusterDomain: 'cluster.local' };
  return [`cluster/${name}`, { ...base, gateways: [gateway], ...fields }];
}

/** A host with one served member in each of these clusters, in namespace `shop`. */
export function hostEntries(service: string, clusters: readonly string[], port = 80): [string, Fields][] {
  const host = `${service}.bookinfo.global`;
  const ports = [{ number: port, name: `http-${String(port)}`, protocol: 'HTTP' }];
  const members = clusters.map((cluster): [string, Fields] => [
    `host/${host}/member/${cluster}/shop/${service}`,
    {
      kind: 'member',
      ...{ host, cluster, service, namespace: 'shop', state: 'served' },
      selector: [{ name: 'app', value: service }],
      serviceAccounts: [service],
      ports: [{ number: port, targetPort: 8080 }],
    },
  ]);
  return [[`host/${host}`, { kind: 'host', host, service, vip: '240.64.0.1', ports }], ...members];
}

export function catalogTree(entries: readonly [string, Fields][]): Tree {
  return buildTree(entries.map(([name, body]) => entry(name, body)));
}
