import { ANNOTATIONS, LABELS, MANAGED_BY, type HostEntry, type KubeObject } from '@isthmus/domain';
import { globalNamespaceLabel } from '../../object-name.js';
import type { RenderedObject, Side } from '../../renderer.js';
import type { Scene } from './scene.js';

const NETWORKING = 'networking.istio.io/v1';
const TELEMETRY = 'telemetry.istio.io/v1';
const SECURITY = 'security.istio.io/v1';

interface Kind {
  apiVersion: string;
  order: number;
  orderOnceKnown?: number;
  /** Needed by some policies only: a cluster without it is told, and does without these. */
  optional?: true;
}

/**
 * Push order of kinds; removal in reverse. A host gets its address last, when its rules are there; one that has it gets what
 * its routes lead to before them. A server insists on encryption when its way in is there.
 */
const KINDS = {
  // Endpoints stand before what finds them by label.
  WorkloadGroup: { apiVersion: NETWORKING, order: 6, optional: true },
  WorkloadEntry: { apiVersion: NETWORKING, order: 8, optional: true },
  DestinationRule: { apiVersion: NETWORKING, order: 10 },
  VirtualService: { apiVersion: NETWORKING, order: 20 },
  ServiceEntry: { apiVersion: NETWORKING, order: 30, orderOnceKnown: 15 },
  Gateway: { apiVersion: NETWORKING, order: 40 },
  PeerAuthentication: { apiVersion: SECURITY, order: 50 },
  Sidecar: { apiVersion: NETWORKING, order: 45, optional: true },
  Telemetry: { apiVersion: TELEMETRY, order: 60, optional: true },
  // Tokens are checked before they are asked for, and all of it stands before the way in.
  RequestAuthentication: { apiVersion: SECURITY, order: 2, optional: true },
  AuthorizationPolicy: { apiVersion: SECURITY, order: 4, optional: true },
  // Reaches into proxies: only of our own making, and only where the owner of the cluster allows it.
  EnvoyFilter: { apiVersion: 'networking.istio.io/v1alpha3', order: 55, optional: true },
} as const satisfies Record<string, Kind>;

/** A kind of Istio object that the renderer makes. */
export type IstioKind = keyof typeof KINDS;

const KIND_LIST: readonly (readonly [name: string, kind: Kind])[] = Object.entries(KINDS);
const namesOf = (kinds: typeof KIND_LIST) => kinds.map(([name, { apiVersion }]) => `${apiVersion}/${name}`);

/** Kinds that a cluster must serve, as `group/version/Kind`. */
export const NEEDED_KINDS: readonly string[] = namesOf(KIND_LIST.filter(([, { optional }]) => optional !== true));

/** Kinds that only some policies need, as `group/version/Kind`. */
export const OPTIONAL_KINDS: readonly string[] = namesOf(KIND_LIST.filter(([, { optional }]) => optional === true));

/** Every kind that is ever made, as `group/version/Kind`. */
export const RENDERED_KINDS: readonly string[] = namesOf(KIND_LIST);

/** `group/version/Kind` of a kind. */
export function kindName(kind: IstioKind): string {
  return `${KINDS[kind].apiVersion}/${kind}`;
}

/** False if the cluster is known to lack the kind; whoever asks for such an object is told by the verdict on the feature. */
export function isServed({ unserved }: Pick<Scene, 'unserved'>, kind: IstioKind): boolean {
  return !unserved.includes(kindName(kind));
}

/** What makes one object, without what all of them carry. */
export interface ObjectParts {
  side: Side;
  kind: IstioKind;
  namespace: string;
  name: string;
  host?: HostEntry;
  /** Comes after others of its kind. */
  later?: boolean;
  annotations?: Readonly<Record<string, string>>;
  spec: object;
}

/** Adds labels, annotations and the place in the push order; the content hash comes last, with `withContentHashes`. */
export function ownedObject(scene: Scene, parts: ObjectParts): RenderedObject {
  const { side, kind, namespace, name, host, spec } = parts;
  const { apiVersion, order, orderOnceKnown }: Kind = KINDS[kind];
  const object: KubeObject = {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      labels: {
        [LABELS.managedBy]: MANAGED_BY,
        [LABELS.globalNamespace]: globalNamespaceLabel(scene.gns),
        ...(host === undefined ? {} : { [LABELS.service]: host.service }),
      },
      ...(host === undefined && parts.annotations === undefined
        ? {}
        : { annotations: { ...parts.annotations, ...(host && { [ANNOTATIONS.host]: host.host }) } }),
    },
    spec,
  };
  return {
    side,
    order: parts.later === true ? order + 1 : order,
    object,
    ...(host === undefined ? {} : { host: host.host }),
    ...(host === undefined || orderOnceKnown === undefined ? {} : { orderOnceKnown }),
  };
}
