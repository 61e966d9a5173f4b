import { gatherMeshConfig, inventoryFromManifests } from '@isthmus/domain';
import type { DiscoveredGateway, DiscoveredMesh, InventoryNamespace, Issue, KubeObject } from '@isthmus/domain';
import { reflect, ResourceView, type ViewState } from '@isthmus/kube';
import { agentIssue } from '../../report/agent-issue.js';
import type { InventoryReading } from '../cluster-port.js';
import { packNamespace } from '../packed-inventory.js';
import type { PackedNamespace } from '../packed-inventory.js';
import { BarePods } from './bare-pods.js';
import { INVENTORY_KINDS, NAMESPACE, stripNamespace } from './inventory-kinds.js';
import { KindViews, type NamespacedSource, type ViewContext } from './kind-views.js';
import { MeshConfigViews } from './mesh-config-views.js';

export interface ClusterInventoryOptions extends Omit<ViewContext, 'changed'> {
  /** Only what stands in this namespace is believed of the mesh: anybody may name a ConfigMap `istio` elsewhere. */
  meshNamespace: string;
  /** Kinds of ours that the cluster serves; undefined = not known. */
  servedKinds?: () => readonly string[] | undefined;
  changed: () => void;
}

interface ReadNamespace {
  namespace: PackedNamespace;
  gateways: DiscoveredGateway[];
  mesh: DiscoveredMesh;
  issues: Issue[];
}

/** The cluster as lists and watches show it; a namespace is read again only when something in it changed, a whole reading only when anything did. */
export class ClusterInventoryView {
  readonly #namespaces: ResourceView<KubeObject>;
  readonly #sources: NamespacedSource[];
  readonly #meshConfig: MeshConfigViews;
  readonly #read = new Map<string, ReadNamespace>();
  /** The last reading, if nothing was missing in it and nothing has changed since. */
  #whole: InventoryReading | undefined;

  constructor(private readonly options: ClusterInventoryOptions) {
    const context: ViewContext = { ...options, changed: (namespace) => this.#note(namespace) };
    this.#namespaces = new ResourceView({
      strip: stripNamespace,
      changed: (_, name) => {
        this.#follow();
        this.#note(name);
      },
      stateChanged: () => {
        this.#follow();
        this.#news();
      },
    });
    this.#sources = [...INVENTORY_KINDS.map((kind) => new KindViews(context, kind)), new BarePods(context)];
    this.#meshConfig = new MeshConfigViews(context);
    void reflect({ ...options, ...options.tuning, type: NAMESPACE, sink: this.#namespaces });
  }

  /** True when everything was either listed or refused. */
  get isSettled(): boolean {
    const isSettling = (state: ViewState): boolean => state.state === 'syncing';
    if (isSettling(this.#namespaces.viewState) || !this.#meshConfig.isSettled) return false;
    return this.#namespaces.names().every((name) => !this.#statesOf(name).some(isSettling));
  }

  /** The very same reading while nothing changes. Why something cannot be read may change without notice. */
  read(): InventoryReading {
    if (this.#whole !== undefined) return this.#whole;
    const reading = this.#readAll();
    if (reading.complete && reading.unreadable.length === 0) this.#whole = reading;
    return reading;
  }

  /** What is asked for beside lists and watches has changed: the next reading is a new one. */
  forget(): void {
    this.#whole = undefined;
  }

  #readAll(): InventoryReading {
    const names = this.#namespaces.names().sort();
    const read = names.map((name) => this.#namespaceOf(name));
    const unreadable = names.filter((name) => this.#isForbidden(name));
    const gaps = this.#gaps(names);
    return {
      inventory: {
        mesh: this.#mesh(),
        gateways: read.flatMap(({ gateways }) => gateways),
        namespaces: read.map(({ namespace }) => namespace),
      },
      complete: gaps.length === 0,
      unreadable,
      issues: [...read.flatMap(({ issues }) => issues), ...gaps, ...unreadable.map((name) => this.#forbidden(name))],
    };
  }

  #mesh(): DiscoveredMesh {
    const found = { ...this.#read.get(this.options.meshNamespace)?.mesh, configKinds: this.#meshConfig.kinds };
    const servedKinds = this.options.servedKinds?.();
    return servedKinds === undefined ? found : { ...found, servedKinds: [...servedKinds] };
  }

  #namespaceOf(name: string): ReadNamespace {
    const states = this.#statesOf(name).map(({ state }) => state);
    if (states.includes('forbidden') || states.includes('syncing')) return unread(this.#labelled(name));
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const objects = this.#sources.flatMap((source) => source.objectsOf(name));
    const { inventory, issues } = inventoryFromManifests([this.#labelled(name), ...objects]);
    const namespace = inventory.namespaces.find((candidate) => candidate.name === name);
    const fresh = { ...unread(this.#labelled(name)), gateways: inventory.gateways, mesh: inventory.mesh, issues };
    const read =
      namespace === undefined ? fresh : { ...fresh, namespace: packNamespace(this.#withMeshConfig(namespace)) };
    this.#read.set(name, read);
    return read;
  }

  #withMeshConfig(namespace: InventoryNamespace): InventoryNamespace {
    const meshConfig = gatherMeshConfig(this.#meshConfig.objectsOf(namespace.name));
    return meshConfig === undefined ? namespace : { ...namespace, meshConfig };
  }

  #labelled(name: string): KubeObject {
    return this.#namespaces.get(undefined, name)?.value ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  }

  #statesOf(namespace: string): ViewState[] {
    return this.#sources.map((source) => source.stateOf(namespace));
  }

  #isForbidden(namespace: string): boolean {
    return this.#statesOf(namespace).some(({ state }) => state === 'forbidden');
  }

  #forbidden(namespace: string): Issue {
    const state = this.#statesOf(namespace).find((candidate) => candidate.state === 'forbidden');
    return agentIssue('ISM0444', { path: '', message: `${namespace}: ${reasonOf(state)}` });
  }

  /** Why absence says nothing at the moment. */
  #gaps(names: readonly string[]): Issue[] {
    const states = [this.#namespaces.viewState, ...names.flatMap((name) => this.#statesOf(name))];
    const namespaces = this.#namespaces.viewState.state;
    const reasons = states
      .filter(({ state }) => state === 'syncing' || state === 'stale')
      .map((state) => reasonOf(state));
    if (namespaces === 'forbidden' || namespaces === 'notServed') reasons.push(reasonOf(this.#namespaces.viewState));
    return [...new Set(reasons)].map((message) => agentIssue('ISM0445', { path: '', message }));
  }

  #follow(): void {
    const names = new Set(this.#namespaces.names());
    for (const name of this.#read.keys()) if (!names.has(name)) this.#read.delete(name);
    for (const source of this.#sources) source.follow(names);
  }

  #note(namespace: string | undefined): void {
    if (namespace === undefined) this.#read.clear();
    else this.#read.delete(namespace);
    this.#news();
  }

  #news(): void {
    this.#whole = undefined;
    this.options.changed();
  }
}

/** A namespace of which nothing but name and labels is known. */
function unread({ metadata: { name, labels = {} } }: KubeObject): ReadNamespace {
  const namespace = { name, labels, readable: false, entry: undefined };
  return { namespace, gateways: [], mesh: {}, issues: [] };
}

function reasonOf(state: ViewState | undefined): string {
  if (state === undefined || state.state === 'current') return 'it could not be read';
  return state.failure?.message ?? 'the first list is not finished';
}
