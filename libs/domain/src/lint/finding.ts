import type { IssueCode } from '../issues/catalog.js';
import type { Issue, Severity } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import type { LintSite, PlacedObject } from './lint-site.js';

/** What is wrong with an object. */
export interface Finding {
  path: string;
  message: string;
  hint?: string;
  severity?: Severity;
}

/** The issue of a user's object; its message begins with the object, so that it reads well alone. */
export function finding(
  code: IssueCode,
  { site, placed }: { site: LintSite; placed: PlacedObject },
  { message, ...rest }: Finding,
): Issue {
  const { namespace, object } = placed;
  const resource = { kind: object.kind, name: `${namespace}/${object.name}` };
  const cluster = site.cluster.metadata.name;
  const manifest = { cluster, ...resource, path: rest.path };
  return issue(code, { ...rest, message: `${object.kind} ${resource.name} ${message}`, resource, cluster, manifest });
}
