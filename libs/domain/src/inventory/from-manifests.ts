import type { Issue } from '../issues/issue.js';
import type { KubeObject } from '../kube-object.js';
import { gatherMeshConfig } from '../mesh-config/gather.js';
import { readMeshConfig } from '../mesh-config/read-object.js';
import type { MeshConfigObject } from '../mesh-config/types.js';
import { istioFacts } from './istio-facts.js';
import { ManifestReader } from './manifest-fields.js';
import { gatewayOf, serviceOf } from './service-manifest.js';
import type { ClusterInventory, DiscoveredGateway, DiscoveredMesh, InventoryNamespace } from './types.js';
import { isWorkload, workloadOf } from './workload-manifest.js';

/** What discovery reads out of manifests. */
export interface ManifestInventory {
  inventory: ClusterInventory;
  issues: Issue[];
}

/**
 * The inventory that an agent would report of a cluster with these objects. Sorted; never throws on malformed objects: what is not
 * understood is left out with an issue, as a whole object. Namespaces without an object of their own are readable and have no labels.
 */
export function inventoryFromManifests(objects: readonly KubeObject[]): ManifestInventory {
  const found = new Discovery();
  for (const object of objects) found.add(object);
  return { inventory: found.inventory(), issues: found.issues };
}

class Discovery {
  readonly issues: Issue[] = [];
  private readonly namespaces = new Map<string, InventoryNamespace>();
  private readonly gateways: DiscoveredGateway[] = [];
  private readonly services = new Set<string>();
  private readonly meshConfig = new Map<string, MeshConfigObject[]>();
  private mesh: DiscoveredMesh = {};

  add(object: KubeObject): void {
    const manifest = new ManifestReader(object, this.issues);
    this.mesh = { ...this.mesh, ...istioFacts(object, manifest) };
    if (object.kind === 'Namespace' && object.apiVersion === 'v1') return this.addNamespace(manifest);
    if (object.kind === 'Service' && object.apiVersion === 'v1') return this.addService(manifest);
    if (isWorkload(object)) return this.addWorkload(manifest, object.kind);
    this.addMeshConfig(manifest);
  }

  inventory(): ClusterInventory {
    const namespaces = [...this.namespaces.values()].sort(byName);
    for (const namespace of namespaces) {
      namespace.services.sort(byName);
      namespace.workloads.sort((a, b) => byName(a, b) || compare(a.kind, b.kind));
      const meshConfig = gatherMeshConfig(this.meshConfig.get(namespace.name) ?? []);
      if (meshConfig !== undefined) namespace.meshConfig = meshConfig;
    }
    const gateways = this.gateways.sort((a, b) => compare(a.namespace, b.namespace) || compare(a.service, b.service));
    return { mesh: this.mesh, gateways, namespaces };
  }

  private addNamespace(manifest: ManifestReader): void {
    const name = manifest.label(['metadata', 'name']);
    if (name === undefined) return;
    const namespace = this.namespace(name);
    namespace.labels = manifest.labels(['metadata', 'labels']);
    if (!manifest.isSound) namespace.readable = false;
  }

  private addService(manifest: ManifestReader): void {
    const service = serviceOf(manifest);
    const namespace = this.namespaceOf(manifest);
    if (service === undefined || namespace === undefined) return;
    const key = `${namespace.name}/${service.name}`;
    if (this.services.has(key)) return;
    this.services.add(key);
    namespace.services.push(service);
    const gateway = gatewayOf(new ManifestReader(manifest.source, []), namespace.name);
    if (gateway !== undefined) this.gateways.push(gateway);
  }

  private addWorkload(manifest: ManifestReader, kind: string): void {
    const workload = workloadOf(manifest, kind);
    if (workload !== undefined) this.namespaceOf(manifest)?.workloads.push(workload);
  }

  private addMeshConfig(manifest: ManifestReader): void {
    const said = readMeshConfig(manifest.source);
    const namespace = said && this.namespaceOf(manifest)?.name;
    if (said === undefined || namespace === undefined) return;
    const known = this.meshConfig.get(namespace);
    if (known === undefined) this.meshConfig.set(namespace, [said]);
    else known.push(said);
  }

  private namespaceOf(manifest: ManifestReader): InventoryNamespace | undefined {
    const place = ['metadata', 'namespace'];
    const name = manifest.at(place) === undefined ? 'default' : manifest.label(place);
    return name === undefined ? undefined : this.namespace(name);
  }

  private namespace(name: string): InventoryNamespace {
    const known = this.namespaces.get(name);
    if (known !== undefined) return known;
    const fresh = { name, labels: {}, readable: true, services: [], workloads: [] };
    this.namespaces.set(name, fresh);
    return fresh;
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const byName = (a: { name: string }, b: { name: string }) => compare(a.name, b.name);
