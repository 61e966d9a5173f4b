/** The API group of every Isthmus resource; it also prefixes the labels and annotations that Isthmus puts on objects in clusters. */
export const API_GROUP = 'isthmus.dev';

/** The version of the resource API that this release reads and writes. */
export const API_VERSION = 'v1alpha1';

/** The `apiVersion` of every Isthmus YAML document. */
export const GROUP_VERSION = `${API_GROUP}/${API_VERSION}`;

/** The field manager of every server-side apply that an agent makes. */
export const FIELD_MANAGER = 'isthmus-agent';

/** Labels on every rendered object: who manages it, for which global namespace (`<project>.<name>`) and for which global service. */
export const LABELS = {
  managedBy: 'app.kubernetes.io/managed-by',
  globalNamespace: `${API_GROUP}/gns`,
  service: `${API_GROUP}/service`,
} as const;

/** Annotations on every rendered object: SHA-256 of its own canonical content, and the host it serves (hosts do not fit a label). */
export const ANNOTATIONS = {
  contentHash: `${API_GROUP}/content-hash`,
  host: `${API_GROUP}/host`,
} as const;

/** Label of machines outside of Kubernetes, and selector of services that live on machines alone: the name of the service. */
export const MACHINE_SERVICE_LABEL = `${API_GROUP}/machine-service`;

/** The value of the managed-by label. */
export const MANAGED_BY = 'isthmus';
