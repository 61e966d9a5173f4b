export { contentHash, withContentHash } from './content-hash.js';
export { globalNamespaceLabel, objectName } from './object-name.js';
export { RENDERERS, rendererFor } from './registry.js';
export { mergeResults } from './render-result.js';
export { renderYaml } from './render-yaml.js';
export type { MeshRenderer, PreparedRender, RenderedObject, RenderResult, Side } from './renderer.js';
