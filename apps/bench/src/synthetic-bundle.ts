import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GROUP_VERSION } from '@isthmus/domain';
import type { FleetSize } from './synthetic-fleet.js';

const SERVICES_PER_NAMESPACE = 100;

const clusterName = (index: number): string => `cluster-${index}`;

/** A bundle as people keep it: a record and a file of manifests for each namespace and cluster. The same size gives the same bytes. */
export function syntheticBundle(size: FleetSize): Map<string, string> {
  const files = new Map([['bench.yaml', GLOBAL_NAMESPACE]]);
  for (let index = 0; index < size.clusters; index += 1) {
    files.set(`clusters/${clusterName(index)}/cluster.yaml`, clusterRecord(index));
  }
  const documents = new Map<string, string[]>();
  for (let host = 0; host < size.hosts; host += 1) {
    for (let copy = 0; copy < size.membersPerHost; copy += 1)
      addService(documents, host, (host + copy) % size.clusters);
  }
  for (const [path, texts] of documents) files.set(path, texts.join('---\n'));
  return files;
}

/** Writes the files of a bundle below a folder. */
export async function writeBundle(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function addService(documents: Map<string, string[]>, host: number, target: number): void {
  const namespace = `team-${Math.floor(host / SERVICES_PER_NAMESPACE)}`;
  const path = `clusters/${clusterName(target)}/${namespace}.yaml`;
  const texts = documents.get(path) ?? [namespaceManifest(namespace)];
  texts.push(serviceManifest(host, namespace), deploymentManifest(host, namespace));
  documents.set(path, texts);
}

const GLOBAL_NAMESPACE = `apiVersion: ${GROUP_VERSION}
kind: GlobalNamespace
metadata:
  name: bench
spec:
  domain: bench.global
  members:
    - namespaces: {globs: ["team-*"]}
---
apiVersion: ${GROUP_VERSION}
kind: EncryptionPolicy
metadata:
  name: strict
spec:
  targets: [{globalNamespace: bench}]
  mode: STRICT
`;

const clusterRecord = (index: number) => `apiVersion: ${GROUP_VERSION}
kind: Cluster
metadata:
  name: ${clusterName(index)}
spec:
  mesh: {kind: istio}
  network: ${clusterName(index)}
  locality: region-${index}/zone-a
  trustDomain: cluster.local
  podCIDRs: [10.${index % 200}.0.0/17]
  serviceCIDRs: [10.${index % 200}.128.0/17]
  gateways: [{address: 198.51.${Math.floor(index / 250)}.${(index % 250) + 1}}]
`;

const namespaceManifest = (namespace: string) => `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels: {istio-injection: enabled}
`;

const serviceManifest = (host: number, namespace: string) => `apiVersion: v1
kind: Service
metadata:
  name: service-${host}
  namespace: ${namespace}
  labels:
    app: service-${host}
spec:
  selector:
    app: service-${host}
  ports:
    - name: http
      port: 8080
      targetPort: 8080
`;

const deploymentManifest = (host: number, namespace: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-${host}
  namespace: ${namespace}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: service-${host}
  template:
    metadata:
      labels:
        app: service-${host}
        version: v1
    spec:
      serviceAccountName: service-${host}
      containers:
        - name: app
          image: registry.example.com/team/service-${host}:1.0.0
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: "info"
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {memory: 256Mi}
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
`;
