import { ANNOTATIONS, LABELS, MANAGED_BY, type HostEntry, type KubeObject } from '@isthmus/domain';
import { globalNamespaceLabel } from '../../object-name.js';
import type { RenderedObject, Side } from '../../renderer.js';
import type { Scene } from './scene.js';

const NETWORKING = 'networking.istio.io/v1';
const SECURITY = 'security.istio.io/v1';

/**
 * Push order of kinds; removal in reverse. A host gets its address last, when its rules are there; a server insists on
 * encryption when its way in is there.
 */
const KINDS = {
  DestinationRule: { apiVersion: NETWORKING, order: 10 },
  VirtualService: { apiVersion: NETWORKING, order: 20 },
  ServiceEntry: { apiVersion: NETWORKING, order: 30 },
  Gateway: { apiVersion: NETWORKING, order: 40 },
  PeerAuthentication: { apiVersion: SECURITY, order: 50 },
} as const;

/** A kind of Istio object that the renderer makes. */
export type IstioKind = keyof typeof KINDS;

/** Kinds that a cluster must serve, as `group/version/Kind`. */
export const NEEDED_KINDS = Object.entries(KINDS).map(([kind, { apiVersion }]) => `${apiVersion}/${kind}`);

/** What makes one object, without what all of them carry. */
export interface ObjectParts {
  side: Side;
  kind: IstioKind;
  namespace: string;
  name: string;
  host?: HostEntry;
  spec: object;
}

/** Adds labels, annotations and the place in the push order; the content hash comes last, with `withContentHashes`. */
export function ownedObject(scene: Scene, { side, kind, namespace, name, host, spec }: ObjectParts): RenderedObject {
  const { apiVersion, order } = KINDS[kind];
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
      ...(host === undefined ? {} : { annotations: { [ANNOTATIONS.host]: host.host } }),
    },
    spec,
  };
  return { side, order, object, ...(host === undefined ? {} : { host: host.host }) };
}
