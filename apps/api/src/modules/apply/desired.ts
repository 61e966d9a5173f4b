import {
  DEFAULT_PROJECT,
  hasErrors,
  isProjectScoped,
  issue,
  parseBundle,
  sortIssues,
  type BundleFile,
  type Issue,
  type Resource,
} from '@isthmus/domain';
import type { ResourceKey } from '@isthmus/store';

/** One resource that shall be there, and the version that it may replace. */
export interface DesiredResource {
  resource: Resource;
  /** undefined: whatever is there; null: nothing may be there. */
  expectedVersion?: string | null;
}

export interface DesiredSet {
  resources: DesiredResource[];
  issues: Issue[];
  /** Adds the place in the documents to an issue about one of their resources. */
  locate: (issue: Issue) => Issue;
}

/** Bytes of all documents of one request. */
export const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/** The file that issues name when the caller sends one text without a name. */
export const UNNAMED_FILE = 'documents.yaml';

/**
 * Reads the documents of a request; plain Kubernetes manifests are left out. A version in `metadata.resourceVersion` is expected to be
 * the stored one; with `mustNotExist` nothing may be stored under any of the names.
 */
export function desiredOf(files: readonly BundleFile[], mustNotExist = false): DesiredSet {
  const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_DOCUMENT_BYTES) {
    const message = `${bytes} bytes; the server takes ${MAX_DOCUMENT_BYTES}`;
    return { resources: [], issues: [issue('ISM0504', { message })], locate: (one) => one };
  }
  const bundle = parseBundle(files);
  const issues = [...bundle.issues];
  if (bundle.resources.length === 0 && !hasErrors(issues)) {
    issues.push(issue('ISM0500', { message: 'no document is an Isthmus resource' }));
  }
  const resources = bundle.resources.map(({ resource }) => ({
    resource,
    expectedVersion: mustNotExist ? null : resource.metadata.resourceVersion,
  }));
  if (mustNotExist) issues.push(...bundle.resources.flatMap(({ resource }) => versioned(resource)).map(bundle.locate));
  return { resources, issues: sortIssues(issues), locate: bundle.locate };
}

/** What is not there yet has no version. */
function versioned(resource: Resource): Issue[] {
  const { resourceVersion } = resource.metadata;
  if (resourceVersion === undefined) return [];
  const about = refOf(keyOfResource(resource));
  const message = `${about.kind} ${about.name} must not exist, and is expected at version ${resourceVersion}`;
  return [issue('ISM0557', { path: 'metadata.resourceVersion', message, resource: about })];
}

/** The store's key of a resource. */
export function keyOfResource({ kind, metadata }: Resource): ResourceKey {
  const project = isProjectScoped(kind) ? (metadata.project ?? DEFAULT_PROJECT) : '';
  return { kind, project, name: metadata.name };
}

/** A key as issues name what they are about. */
export function refOf({ kind, project, name }: ResourceKey): NonNullable<Issue['resource']> {
  return { kind, name, ...(project === '' ? {} : { project }) };
}

/** A key as one text, for maps. */
export function keyText({ kind, project, name }: ResourceKey): string {
  return `${kind}/${project}/${name}`;
}
