import type { MeshKind } from '@isthmus/domain';
import { istioRenderer } from './istio/render/istio-renderer.js';
import type { MeshRenderer } from './renderer.js';
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
