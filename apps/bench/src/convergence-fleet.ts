import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of one cluster that exists only on disk. */
export interface BenchCluster {
  name: string;
  manifests: string;
  rendered: string;
  state: string;
}

const clusterName = (index: number): string => `cluster-${index}`;
const gatewayAddress = (index: number): string => `198.51.${Math.floor(index / 250)}.${(index % 250) + 1}`;

/** One service in one namespace, and the east-west gateway. */
function manifestsOf(index: number): string {
  return `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: web, namespace: shop }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  selector: { app: web }
  ports: [{ name: http, port: 8080, targetPort: 8080 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: web
      containers: [{ name: web, image: web, ports: [{ containerPort: 8080 }] }]
---
apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { topology.istio.io/network: ${clusterName(index)} } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    trustDomain: cluster.local
    defaultConfig:
      proxyMetadata:
        ISTIO_META_DNS_CAPTURE: "true"
---
apiVersion: v1
kind: Service
metadata: { name: istio-eastwestgateway, namespace: istio-system, labels: { istio: eastwestgateway } }
spec:
  type: LoadBalancer
  selector: { istio: eastwestgateway }
  ports: [{ name: tls, port: 15443, targetPort: 15443 }]
status:
  loadBalancer: { ingress: [{ ip: ${gatewayAddress(index)} }] }
`;
}

function clusterDocument(index: number): string {
  return `apiVersion: isthmus.dev/v1alpha1
kind: Cluster
metadata: { name: ${clusterName(index)} }
spec:
  mesh: { kind: istio, version: "1.30" }
  network: ${clusterName(index)}
  locality: region-${index}/zone-a
  trustDomain: cluster.local
  podCIDRs: [10.${index % 200}.0.0/17]
  serviceCIDRs: [10.${index % 200}.128.0/17]
  gateways:
    - { address: ${gatewayAddress(index)}, port: 15443, namespace: istio-system, selector: { istio: eastwestgateway } }
`;
}

const GNS = `apiVersion: isthmus.dev/v1alpha1
kind: GlobalNamespace
metadata: { name: bench }
spec:
  domain: bench.global
  members: [{ namespaces: { names: [shop] } }]
`;

/** The policy that is changed again and again. */
export function policyDocument(mode: string): string {
  return `apiVersion: isthmus.dev/v1alpha1
kind: EncryptionPolicy
metadata: { name: bench }
spec: { targets: [{ globalNamespace: bench }], mode: ${mode} }
`;
}

/** Everything that is stored before the first agent comes: the same service in every cluster, one global namespace, one policy. */
export function fleetDocuments(clusters: number, mode: string): string {
  const documents = Array.from({ length: clusters }, (_, index) => clusterDocument(index));
  return [...documents, GNS, policyDocument(mode)].join('---\n');
}

/** Makes the folders of the clusters and fills in their manifests. */
export async function layOutClusters(folder: string, clusters: number): Promise<BenchCluster[]> {
  return Promise.all(
    Array.from({ length: clusters }, async (_, index): Promise<BenchCluster> => {
      const home = join(folder, clusterName(index));
      const [manifests, rendered, state] = ['manifests', 'rendered', 'state'].map((name) => join(home, name)) as [
        string,
        string,
        string,
      ];
      for (const each of [manifests, rendered]) await mkdir(each, { recursive: true });
      await mkdir(state, { recursive: true, mode: 0o700 });
      await writeFile(join(manifests, 'all.yaml'), manifestsOf(index));
      return { name: clusterName(index), manifests, rendered, state };
    }),
  );
}
