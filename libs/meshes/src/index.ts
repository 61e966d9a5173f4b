export { contentHash, renderedHash, withContentHash } from './content-hash.js';
export { capabilityDocs } from './capabilities.js';
export {
  beforeItResolves,
  hasNamedParts,
  isReachedByName,
  leadsFromOutside,
  lostParts,
  reachedHosts,
  routedNames,
  standsUnresolved,
  withLostParts,
  withViewers,
} from './named-parts.js';
export type { RoutedName } from './istio/linger/routed-names.js';
export { ObjectSources } from './sources/object-sources.js';
export type { ObjectSource } from './sources/comparisons.js';
export { OPTIONAL_KINDS, RENDERED_KINDS } from './istio/render/owned-object.js';
export { globalNamespaceLabel, objectName } from './object-name.js';
export { RENDERERS, rendererFor, supportOf } from './registry.js';
export { mergeOutlines, mergeResults } from './render-result.js';
export { renderYaml } from './render-yaml.js';
export type {
  MeshRenderer,
  OutlinedObject,
  PreparedRender,
  RenderedObject,
  RenderOutline,
  RenderResult,
  Side,
} from './renderer.js';
export type {
  IntentFeature,
  SupportEffect,
  SupportFacts,
  SupportReason,
  SupportState,
  SupportVerdict,
} from './support.js';
export { observedServices } from './istio/observe/observed-service.js';
export type { ObservedService } from './istio/observe/observed-service.js';
export { readVector } from './istio/observe/prometheus-answer.js';
export type { VectorAnswer, VectorRow } from './istio/observe/prometheus-answer.js';
export { serviceSamples } from './istio/observe/service-samples.js';
export type { SignalRows } from './istio/observe/service-samples.js';
export { signalQueries } from './istio/observe/signal-queries.js';
export type { SignalQueries } from './istio/observe/signal-queries.js';
