/** Metadata of a Kubernetes object as far as Isthmus reads or writes it. */
export interface KubeMetadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** A plain Kubernetes object, as in a manifest. `unknown` stands for what the API server's schema owns. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: KubeMetadata;
  spec?: unknown;
  [field: string]: unknown;
}

/** What names an object in a cluster, without its content. */
export interface KubeObjectRef {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** Stable text key of an object: `apiVersion/kind/namespace/name`, with an empty namespace for cluster-scoped objects. */
export function objectKey(object: KubeObject | KubeObjectRef): string {
  const { name, namespace = '' } = 'metadata' in object ? object.metadata : object;
  return `${object.apiVersion}/${object.kind}/${namespace}/${name}`;
}
