import type { PathStep } from '../issues/field-path.js';
import type { KubeObject } from '../kube-object.js';
import { isFields, type ManifestReader } from './manifest-fields.js';
import type { InventoryWorkload } from './types.js';

/** Where the pod template of a workload kind stands. */
const TEMPLATES: Readonly<Record<string, readonly PathStep[]>> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  Pod: [],
};

const API_GROUPS = /^(?:v1|(?:apps|batch|extensions)\/\w+)$/;

/** True for Kubernetes' own kinds that run pods. */
export function isWorkload({ apiVersion, kind }: KubeObject): boolean {
  return Object.hasOwn(TEMPLATES, kind) && API_GROUPS.test(apiVersion);
}

/** The workload, or undefined: with its issues if Kubernetes would not take it, without one if another object owns it. */
export function workloadOf(manifest: ManifestReader, kind: string): InventoryWorkload | undefined {
  if (manifest.list(['metadata', 'ownerReferences']).length > 0) return undefined;
  const template = TEMPLATES[kind] ?? [];
  const name = manifest.text(['metadata', 'name']);
  if (name === undefined) return undefined;
  if (!isFields(manifest.at([...template, 'spec'])))
    return manifest.complain(template, 'the workload has no pod template');
  const workload: InventoryWorkload = {
    kind,
    name,
    labels: manifest.labels([...template, 'metadata', 'labels']),
    serviceAccount: manifest.text([...template, 'spec', 'serviceAccountName']) || 'default',
    ports: containersOf(manifest, [...template, 'spec']).flatMap((container) => portsOf(manifest, container)),
  };
  return manifest.isSound ? workload : undefined;
}

/** Places of the containers that stay: all of `containers`, and sidecars among `initContainers`. */
function containersOf(manifest: ManifestReader, spec: readonly PathStep[]): PathStep[][] {
  const places = (field: string) => manifest.list([...spec, field]).map((_, index) => [...spec, field, index]);
  const sidecars = places('initContainers').filter((place) => manifest.at([...place, 'restartPolicy']) === 'Always');
  return [...places('containers'), ...sidecars];
}

function portsOf(manifest: ManifestReader, container: readonly PathStep[]): InventoryWorkload['ports'] {
  const at = [...container, 'ports'];
  return manifest.list(at).flatMap((_, index) => {
    const number = manifest.port([...at, index, 'containerPort']);
    if (number === undefined) return [];
    const name = manifest.text([...at, index, 'name']);
    const protocol = manifest.text([...at, index, 'protocol']) ?? 'TCP';
    return [{ ...(name === undefined ? {} : { name }), number, protocol }];
  });
}
