import { LABELS, MANAGED_BY, MESH_CONFIG_KINDS, readMeshConfig } from '@isthmus/domain';
import type { MeshConfigKind, MeshConfigObject } from '@isthmus/domain';
import { reflect, resourceType, ResourceView, type ResourceType, type ViewState } from '@isthmus/kube';
import type { ViewContext } from './kind-views.js';

const NETWORKING = 'networking.istio.io/v1';
const SECURITY = 'security.istio.io/v1';

const TYPES: Readonly<Record<MeshConfigKind, ResourceType>> = {
  VirtualService: resourceType(NETWORKING, 'VirtualService', 'virtualservices'),
  DestinationRule: resourceType(NETWORKING, 'DestinationRule', 'destinationrules'),
  ServiceEntry: resourceType(NETWORKING, 'ServiceEntry', 'serviceentries'),
  Sidecar: resourceType(NETWORKING, 'Sidecar', 'sidecars'),
  Gateway: resourceType(NETWORKING, 'Gateway', 'gateways'),
  PeerAuthentication: resourceType(SECURITY, 'PeerAuthentication', 'peerauthentications'),
  AuthorizationPolicy: resourceType(SECURITY, 'AuthorizationPolicy', 'authorizationpolicies'),
};

/** What is asked for: not even the bytes of our own objects come, which are followed elsewhere. */
const NOT_OURS = `${LABELS.managedBy}!=${MANAGED_BY}`;

/**
 * What users configured in the mesh, by one watch a kind over the cluster. Only what is judged is kept of an object. A kind that may
 * not be listed is unknown; that takes nothing from the rest of the inventory, and is never tried namespace by namespace.
 */
export class MeshConfigViews {
  readonly #views: ReadonlyMap<MeshConfigKind, ResourceView<MeshConfigObject>>;

  constructor(context: ViewContext) {
    this.#views = new Map(MESH_CONFIG_KINDS.map((kind) => [kind, started(context, TYPES[kind])]));
  }

  /** True when every kind was listed, refused, or could not be listed at the first try: nobody waits for it any longer. */
  get isSettled(): boolean {
    return [...this.#views.values()].every(({ viewState }) => isTried(viewState));
  }

  /** Kinds of which the objects are known; one that is not served has none. */
  get kinds(): MeshConfigKind[] {
    return MESH_CONFIG_KINDS.filter((kind) => isKnown(this.#views.get(kind)?.viewState.state));
  }

  objectsOf(namespace: string): MeshConfigObject[] {
    return this.kinds.flatMap((kind) => this.#views.get(kind)?.valuesOf(namespace) ?? []);
  }
}

function started(context: ViewContext, type: ResourceType): ResourceView<MeshConfigObject> {
  const { client, signal, random, tuning, changed } = context;
  const sink = new ResourceView<MeshConfigObject>({
    strip: readMeshConfig,
    changed: (namespace) => changed(namespace),
    stateChanged: () => changed(undefined),
  });
  void reflect({ ...tuning, client, type, labelSelector: NOT_OURS, random, sink, signal });
  return sink;
}

const isTried = (state: ViewState): boolean => state.state !== 'syncing' || state.failure !== undefined;

/** One that cannot be followed at the moment still says what was there. */
function isKnown(state: ViewState['state'] | undefined): boolean {
  return state === 'current' || state === 'stale' || state === 'notServed';
}
