import { KINDS, type ResourceKind } from './kinds.js';

/** The document with the version that it replaces, so that a change by somebody else in the meantime is noticed. */
export function withVersion(yaml: string, resourceVersion: string): string {
  return yaml.replace(/^metadata:\n/m, `metadata:\n  resourceVersion: ${JSON.stringify(resourceVersion)}\n`);
}

/** A first document of a kind: what every one has, and where the rest goes. */
export function emptyDocument(kind: ResourceKind): string {
  const project = KINDS[kind].inProject ? '  project: default\n' : '';
  return `apiVersion: isthmus.dev/v1alpha1\nkind: ${kind}\nmetadata:\n  name: \n${project}spec: {}\n`;
}
