import type { Issue, SourcePosition } from '../issues/issue.js';
import type { KubeObject } from '../kube-object.js';
import type { Resource } from '../resources/types.js';
import type { VipRow } from '../vips/allocate.js';

/** A file of a bundle; `path` is relative to the bundle's folder, with `/` between its parts. */
export interface BundleFile {
  path: string;
  text: string;
}

/** A resource with the place of its document. */
export interface BundleResource {
  resource: Resource;
  source: SourcePosition;
}

/** What a folder of resources and manifests says. */
export interface Bundle {
  /** In order of files and documents; duplicates are left out with an issue. */
  resources: BundleResource[];
  /** Plain Kubernetes objects by the name of the cluster's folder. */
  clusters: Map<string, KubeObject[]>;
  /** Recorded virtual addresses; undefined if the bundle has no lock. */
  vipLock?: VipRow[];
  issues: Issue[];
  /** The issue with file, line and column of its field, if it is about a resource or manifest of this bundle and has none yet. */
  locate: (issue: Issue) => Issue;
  /** The same for many issues: no file is looked up twice. */
  locateAll: (issues: readonly Issue[]) => Issue[];
}
