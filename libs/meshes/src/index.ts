export { contentHash, withContentHash } from './content-hash.js';
export { globalNamespaceLabel, objectName } from './object-name.js';
export { RENDERERS, rendererFor, supportOf } from './registry.js';
export { mergeResults } from './render-result.js';
export { renderYaml } from './render-yaml.js';
export type { MeshRenderer, PreparedRender, RenderedObject, RenderResult, Side } from './renderer.js';
export type {
  IntentFeature,
  SupportEffect,
  SupportFacts,
  SupportReason,
  SupportState,
  SupportVerdict,
} from './support.js';
