import { buildTree, entry } from '@isthmus/domain';
import type { Canonical, CatalogEntry, PolicyEntry, Tree } from '@isthmus/domain';

const body = (value: PolicyEntry | CatalogEntry): Canonical => JSON.parse(JSON.stringify(value)) as Canonical;

/** Policy of one global namespace over two clusters. */
export function policyTree(mode: 'PERMISSIVE' | 'STRICT' = 'STRICT'): Tree {
  return buildTree([
    entry(
      'gns',
      body({
        kind: 'gns',
        project: 'default',
        name: 'shop',
        domain: 'shop.example.com',
        memberClusters: ['east', 'west'],
        consumers: [{ clusters: ['east', 'west'] }],
      }),
    ),
    entry('gns/encryption', body({ kind: 'encryption', mode })),
  ]);
}

/** Catalog: east owns the given services, west only calls. */
export function catalogTree(services: readonly string[]): Tree {
  const gateway = {
    address: '192.0.2.1',
    port: 15443,
    namespace: 'istio-system',
    selector: [{ name: 'istio', value: 'eastwestgateway' }],
  };
  const clusters = ['east', 'west'].map((name) =>
    entry(
      `cluster/${name}`,
      body({
        kind: 'cluster',
        name,
        mesh: 'istio',
        trustDomain: 'cluster.local',
        clusterDomain: 'cluster.local',
        network: name,
        gateways: [gateway],
      }),
    ),
  );
  const hosts = services.flatMap((service, index) => {
    const host = `${service}.shop.example.com`;
    return [
      entry(
        `host/${host}`,
        body({
          kind: 'host',
          host,
          service,
          vip: `240.64.0.${String(index + 1)}`,
          ports: [{ number: 9080, name: 'http-9080', protocol: 'HTTP' }],
        }),
      ),
      entry(
        `host/${host}/member/east/shop/${service}`,
        body({
          kind: 'member',
          host,
          cluster: 'east',
          namespace: 'shop',
          service,
          state: 'served',
          selector: [{ name: 'app', value: service }],
          serviceAccounts: [service],
          ports: [{ number: 9080, targetPort: 9080 }],
        }),
      ),
    ];
  });
  return buildTree([...clusters, ...hosts]);
}

/** Manifests of a namespace with services. */
export function manifests(namespace: string, services: readonly string[]): string {
  const documents = services.map(
    (name) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {app: ${name}}
  ports: [{name: http, port: 9080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  template:
    metadata: {labels: {app: ${name}}}
    spec: {serviceAccountName: ${name}, containers: [{name: app, ports: [{containerPort: 9080}]}]}
`,
  );
  return [`apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}}\n`, ...documents].join('---\n');
}
