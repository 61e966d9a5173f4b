import type { Beginning } from '../access/places-to-create.js';
import { KINDS, type ResourceKind } from './kinds.js';

/** The document with the version that it replaces, so that a change by somebody else in the meantime is noticed. */
export function withVersion(yaml: string, resourceVersion: string): string {
  return yaml.replace(/^metadata:\n/m, `metadata:\n  resourceVersion: ${JSON.stringify(resourceVersion)}\n`);
}

/** A first document of a kind: what every one has, and where the rest goes. */
export function emptyDocument(kind: ResourceKind, { project, globalNamespace }: Beginning): string {
  const place = KINDS[kind].inProject ? `  project: ${project}\n` : '';
  const spec = globalNamespace === undefined ? ' {}' : `\n  targets:\n    - globalNamespace: ${globalNamespace}`;
  return `apiVersion: isthmus.dev/v1alpha1\nkind: ${kind}\nmetadata:\n  name: \n${place}spec:${spec}\n`;
}
