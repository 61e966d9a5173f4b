import type { KubeObject } from '@isthmus/domain';
import { resourceType, type ResourceType, type Strip } from '@isthmus/kube';

/** A kind of which every object is followed, and what is kept of each. */
export interface InventoryKind {
  type: ResourceType;
  strip: Strip<KubeObject>;
  /** Where a single name is enough. */
  fieldSelector?: string;
}

export const NAMESPACE = resourceType('v1', 'Namespace', 'namespaces');
export const POD = resourceType('v1', 'Pod', 'pods');

/** The ConfigMap in which istiod finds its mesh configuration. */
const MESH_CONFIG = 'istio';

/** What discovery reads of a cluster. Pods are not among them: there are too many, and they change all the time. */
export const INVENTORY_KINDS: readonly InventoryKind[] = [
  { type: resourceType('v1', 'Service', 'services'), strip: stripService },
  { type: resourceType('apps/v1', 'Deployment', 'deployments'), strip: stripWorkload },
  { type: resourceType('apps/v1', 'StatefulSet', 'statefulsets'), strip: stripWorkload },
  { type: resourceType('apps/v1', 'DaemonSet', 'daemonsets'), strip: stripWorkload },
  { type: resourceType('batch/v1', 'CronJob', 'cronjobs'), strip: stripWorkload },
  { type: resourceType('batch/v1', 'Job', 'jobs'), strip: stripWorkload },
  {
    type: resourceType('v1', 'ConfigMap', 'configmaps'),
    strip: stripMeshConfig,
    fieldSelector: `metadata.name=${MESH_CONFIG}`,
  },
];

type Fields = Readonly<Record<string, unknown>>;

/** Name and labels; annotations, managed fields and owners go. */
export function stripNamespace(object: KubeObject): KubeObject {
  return { ...headOf(object) };
}

function stripService(object: KubeObject): KubeObject {
  const spec = fieldsOf(object.spec);
  const kept = pick(spec, ['type', 'selector', 'ipFamilies', 'ipFamilyPolicy', 'externalIPs']);
  const ports = itemsOf(spec['ports']).map((port) =>
    pick(port, ['name', 'port', 'protocol', 'appProtocol', 'targetPort']),
  );
  const isHeadless = spec['clusterIP'] === 'None';
  const loadBalancer = fieldsOf(object['status'])['loadBalancer'];
  const ingress = itemsOf(fieldsOf(loadBalancer)['ingress']).map((address) => pick(address, ['ip', 'hostname']));
  return {
    ...headOf(object),
    spec: { ...kept, ports, ...(isHeadless ? { clusterIP: 'None' } : {}) },
    ...(ingress.length === 0 ? {} : { status: { loadBalancer: { ingress } } }),
  };
}

/** The pod template alone. What another object owns runs from a template of its own and is not kept. */
function stripWorkload(object: KubeObject): KubeObject | undefined {
  if (itemsOf(fieldsOf(object.metadata)['ownerReferences']).length > 0) return undefined;
  const spec = fieldsOf(object.spec);
  if (object.kind !== 'CronJob') return { ...headOf(object), spec: { template: stripTemplate(spec['template']) } };
  const jobSpec = fieldsOf(fieldsOf(spec['jobTemplate'])['spec']);
  return { ...headOf(object), spec: { jobTemplate: { spec: { template: stripTemplate(jobSpec['template']) } } } };
}

/** A pod is its own template. */
export function stripPod(object: KubeObject): KubeObject {
  return { ...headOf(object), spec: stripPodSpec(object.spec) };
}

function stripMeshConfig(object: KubeObject): KubeObject | undefined {
  if (object.metadata.name !== MESH_CONFIG) return undefined;
  return { ...headOf(object), data: pick(fieldsOf(object['data']), ['mesh']) };
}

function stripTemplate(template: unknown): Fields {
  const { metadata, spec } = fieldsOf(template);
  return { metadata: pick(fieldsOf(metadata), ['labels']), spec: stripPodSpec(spec) };
}

function stripPodSpec(spec: unknown): Fields {
  const fields = fieldsOf(spec);
  const sidecars = itemsOf(fields['initContainers']).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return {
    ...pick(fields, ['serviceAccountName']),
    containers: itemsOf(fields['containers']).map((container) => stripContainer(container)),
    ...(sidecars.length === 0 ? {} : { initContainers: sidecars.map((container) => stripContainer(container)) }),
  };
}

/** The image tells the mesh's version; every container's is kept, since images are few and shared. */
function stripContainer(container: Fields): Fields {
  const ports = itemsOf(container['ports']).map((port) => pick(port, ['name', 'containerPort', 'protocol']));
  return { ...pick(container, ['image', 'restartPolicy']), ...(ports.length === 0 ? {} : { ports }) };
}

function headOf({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, labels } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(labels === undefined ? {} : { labels }) },
  };
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])));
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function itemsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map((item) => fieldsOf(item)) : [];
}
