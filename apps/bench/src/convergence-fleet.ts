import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of one cluster that exists only on disk. */
export interface BenchCluster {
  name: string;
  manifests: string;
  rendered: string;
  state: string;
  /** Of its apiserver, if it has one: the agent then reads and writes there and not in the folders. */
  kubeconfig?: string;
}

const clusterName = (index: number): string => `cluster-${index}`;
const gatewayAddress = (index: number): string => `198.51.${Math.floor(index / 250)}.${(index % 250) + 1}`;

const namespaceManifest = (name: string): string => `apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { istio-injection: enabled } }
`;

const serviceManifests = (name: string, namespace: string): string => `apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: ${namespace} }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 8080, targetPort: 8080 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: ${name}, image: ${name}, ports: [{ containerPort: 8080 }] }]
`;

const SERVICES_PER_NAMESPACE = 100;

/** So many services from `first` on, in namespaces whose names begin so. */
export function serviceRange(prefix: string, { first, count }: { first: number; count: number }): string {
  const documents = new Set<string>();
  for (let service = first; service < first + count; service += 1) {
    const namespace = `${prefix}-${Math.floor(service / SERVICES_PER_NAMESPACE)}`;
    documents.add(namespaceManifest(namespace)).add(serviceManifests(`service-${service}`, namespace));
  }
  return [...documents].join('---\n');
}

/** The same service in every cluster. */
export const oneService = (): string => `${namespaceManifest('shop')}---\n${serviceManifests('web', 'shop')}`;

/** All of this cluster's part of so many services, in one file; each service is in one cluster. */
export function shareOfServices(services: number, { index, clusters }: { index: number; clusters: number }): string {
  const documents = new Set<string>();
  for (let service = index; service < services; service += clusters) {
    const namespace = `shop-${Math.floor(service / SERVICES_PER_NAMESPACE)}`;
    documents.add(namespaceManifest(namespace)).add(serviceManifests(`service-${service}`, namespace));
  }
  return [...documents].join('---\n');
}

/** The east-west gateway, and what Istio is told. */
const meshManifests = (index: number): string => `apiVersion: v1
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
  members: [{ namespaces: { globs: [shop*] } }]
`;

/** A policy whose every change can be told apart in what is rendered of it: clients wait so long. */
export function timeoutDocument(marker: number): string {
  return `apiVersion: isthmus.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: bench }
spec: { targets: [{ globalNamespace: bench }], timeout: { request: ${marker}ms } }
`;
}

/** The policy of encryption. */
export function policyDocument(mode: string): string {
  return `apiVersion: isthmus.dev/v1alpha1
kind: EncryptionPolicy
metadata: { name: bench }
spec: { targets: [{ globalNamespace: bench }], mode: ${mode} }
`;
}

/** Everything that is stored before the first agent comes: the clusters, one global namespace, one policy. */
export function fleetDocuments(clusters: number, mode: string): string {
  const documents = Array.from({ length: clusters }, (_, index) => clusterDocument(index));
  return [...documents, GNS, policyDocument(mode)].join('---\n');
}

/** Makes the folders of the clusters and fills in their manifests. */
export async function layOutClusters(
  folder: string,
  clusters: number,
  servicesOf: (index: number) => string,
): Promise<BenchCluster[]> {
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
      await writeFile(join(manifests, 'all.yaml'), `${servicesOf(index)}---\n${meshManifests(index)}`);
      return { name: clusterName(index), manifests, rendered, state };
    }),
  );
}
