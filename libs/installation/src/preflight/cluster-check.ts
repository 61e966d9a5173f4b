import { inventoryFromManifests, type ClusterInventory, type KubeObject } from '@isthmus/domain';
import { MESH_KINDS } from '../rights.js';
import { listed, type ClusterProbe } from './cluster-probe.js';
import { faulty, passed, skipped, type Finding } from './finding.js';

/** Minor versions of Kubernetes that this release is tested with. */
export const SUPPORTED_MINORS = { oldest: 32, newest: 37 } as const;

/** What the cluster has to offer: a supported version, the mesh, what the mesh serves, and what global hosts need of it. */
export async function checkCluster(probe: ClusterProbe, meshNamespace: string): Promise<Finding[]> {
  const [version, kinds, mesh] = await Promise.all([
    checkVersion(probe),
    checkKinds(probe),
    checkMesh(probe, meshNamespace),
  ]);
  return [version, ...mesh, kinds];
}

async function checkVersion(probe: ClusterProbe): Promise<Finding> {
  const check = 'apiserver';
  const answer = await probe.version();
  if (!answer.ok) return faulty(check, 'ISM0471', { detail: `it does not answer: ${answer.failure.message}` });
  return judgeVersion(check, answer.value);
}

/** Older ones may lack what the agent needs; newer ones were not there to be tested. */
export function judgeVersion(check: string, version: string): Finding {
  const { oldest, newest } = SUPPORTED_MINORS;
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  const range = `1.${String(oldest)} to 1.${String(newest)}`;
  if (major !== '1' || minor === undefined)
    return faulty(check, 'ISM0471', { detail: `its version ${version} is not understood` });
  if (Number(minor) < oldest)
    return faulty(check, 'ISM0471', {
      detail: `${version} is older than what is supported`,
      fix: `Use Kubernetes ${range}.`,
    });
  if (Number(minor) > newest)
    return { check, state: 'warn', detail: `${version} is newer than what this release was tested with (${range})` };
  return passed(check, version);
}

async function checkKinds(probe: ClusterProbe): Promise<Finding> {
  const check = 'kinds of the mesh';
  const found = await Promise.all(
    MESH_KINDS.map(async ({ group, version, kind, optional = false }) => ({
      optional,
      name: `${kind} (${group}/${version})`,
      isServed: (await probe.discovery.find(`${group}/${version}`, kind)).ok,
    })),
  );
  const missing = found.filter(({ isServed }) => !isServed);
  const detail = `not served: ${missing.map(({ name }) => name).join(', ')}`;
  if (missing.length === 0) return passed(check, `${found.length} of ${found.length} are served`);
  if (missing.every(({ optional }) => optional))
    return { check, state: 'warn', detail: `${detail}; policies that need them have no effect here` };
  return faulty(check, 'ISM0471', {
    detail,
    fix: "Install Istio's CRDs (istioctl install, or the chart istio/base), 1.22 or newer.",
  });
}

const SERVICE = { apiVersion: 'v1', kind: 'Service', plural: 'services', namespaced: true };
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', namespaced: true };
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };

async function checkMesh(probe: ClusterProbe, namespace: string): Promise<Finding[]> {
  const lists = await Promise.all([
    listed(probe, { type: SERVICE }),
    listed(probe, { type: DEPLOYMENT, namespace }),
    listed(probe, { type: CONFIG_MAP, namespace, fieldSelector: 'metadata.name=istio' }),
  ]);
  const objects: KubeObject[] = [];
  for (const list of lists) {
    if (!list.ok) return [skipped('mesh', `it cannot be looked for: ${list.failure.message}`)];
    objects.push(...list.value);
  }
  const { inventory } = inventoryFromManifests(objects);
  return [judgeMesh(inventory, namespace), judgeDnsCapture(inventory), judgeGateway(inventory, objects)];
}

function judgeMesh({ mesh }: ClusterInventory, namespace: string): Finding {
  const { kind, version } = mesh;
  if (kind === undefined)
    return faulty('mesh', 'ISM0474', {
      detail: `no mesh was found in ${namespace}`,
      fix: 'Install Istio, or name the namespace of its control plane: --mesh-namespace, mesh.namespace in the chart.',
    });
  return passed('mesh', `${kind} ${version ?? 'of unknown version'}${mesh.mode === undefined ? '' : `, ${mesh.mode}`}`);
}

function judgeDnsCapture({ mesh }: ClusterInventory): Finding {
  if (mesh.kind === undefined) return skipped('DNS capture', 'there is no mesh');
  if (mesh.dnsCapture === true) return passed('DNS capture', 'on');
  return faulty('DNS capture', 'ISM0474', {
    detail: 'it is off, so global hosts do not resolve in the cluster',
    fix: 'Set meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE to "true" and restart the workloads.',
  });
}

function judgeGateway({ gateways, mesh }: ClusterInventory, objects: readonly KubeObject[]): Finding {
  const check = 'east-west gateway';
  if (mesh.kind === undefined) return skipped(check, 'there is no mesh');
  const [first] = gateways;
  if (first !== undefined)
    return passed(check, `${first.namespace}/${first.service} at ${first.addresses.join(', ')}:${String(first.port)}`);
  const [unreachable] = objects.filter(isEastWest);
  if (unreachable !== undefined)
    return faulty(check, 'ISM0474', {
      detail: `${unreachable.metadata.namespace ?? ''}/${unreachable.metadata.name} has no address, or no port 15443`,
      fix: 'See why its load balancer gives it none, or name address and port in spec.gateways of the Cluster.',
    });
  return faulty(check, 'ISM0474', {
    detail: 'none was found, so other clusters cannot reach services here',
    fix: 'Install an east-west gateway (label istio=eastwestgateway), or name one in spec.gateways of the Cluster.',
  });
}

function isEastWest({ kind, metadata }: KubeObject): boolean {
  return kind === 'Service' && metadata.labels?.['istio'] === 'eastwestgateway';
}
