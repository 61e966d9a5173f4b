import type { MeshKind } from '@isthmus/domain';
import { istioRenderer } from './istio/render/istio-renderer.js';
import { istioSupport } from './istio/support.js';
import type { MeshRenderer } from './renderer.js';
import {
  unsupportedMesh,
  type IntentFeature,
  type Support,
  type SupportFacts,
  type SupportVerdict,
} from './support.js';
import { unsupportedRenderer } from './unsupported-renderer.js';

/** One renderer per kind of mesh: total, so a new kind does not compile until its cell says what happens. */
export const RENDERERS: Readonly<Record<MeshKind, MeshRenderer>> = {
  istio: istioRenderer,
  linkerd: unsupportedRenderer('linkerd'),
  kuma: unsupportedRenderer('kuma'),
  consul: unsupportedRenderer('consul'),
  cilium: unsupportedRenderer('cilium'),
  'gateway-api': unsupportedRenderer('gateway-api'),
};

/** The renderer of a mesh; for a mesh that cannot be rendered yet, one that says so in an issue. */
export function rendererFor(kind: MeshKind): MeshRenderer {
  return RENDERERS[kind];
}

const SUPPORT: Readonly<Record<MeshKind, Support>> = {
  istio: istioSupport,
  linkerd: unsupportedMesh,
  kuma: unsupportedMesh,
  consul: unsupportedMesh,
  cilium: unsupportedMesh,
  'gateway-api': unsupportedMesh,
};

/** What the mesh of a cluster can do of an intent feature; judged by what is known of the instance, not by its kind alone. */
export function supportOf(feature: IntentFeature, facts: SupportFacts): SupportVerdict {
  return SUPPORT[facts.mesh](feature, facts);
}
