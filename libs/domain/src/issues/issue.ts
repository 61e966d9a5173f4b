import type { IssueCode } from './catalog.js';

/** How bad an issue is: an ERROR blocks, a WARNING needs attention, INFO explains. */
export type Severity = 'ERROR' | 'WARNING' | 'INFO';

/** Where in a text an issue was found; line and column count from 1. */
export interface SourcePosition {
  file: string;
  line: number;
  column: number;
}

/** The resource that an issue is about. */
export interface ResourceRef {
  kind: string;
  name: string;
  project?: string;
}

/** A Kubernetes object of a cluster; `name` is `<namespace>/<name>`, `path` a field of it. */
export interface ManifestRef {
  cluster: string;
  kind: string;
  name: string;
  path?: string;
}

/**
 * A numbered diagnostic: the one type that validator, compiler, renderer, agent, API, CLI and console share.
 * `path` addresses the field (`spec.members[0].clusters`), empty for the whole resource.
 */
export interface Issue {
  code: IssueCode;
  severity: Severity;
  path: string;
  message: string;
  hint?: string;
  resource?: ResourceRef;
  cluster?: string;
  /** The object that shows it, where that is another one than `resource`: only to find its place in a bundle. */
  manifest?: ManifestRef;
  source?: SourcePosition;
}
