import {
  DEFAULT_PROJECT,
  ISSUE_CATALOG,
  isIssueCode,
  isProjectScoped,
  isResourceKind,
  RESOURCE_KINDS,
  type GlobalNamespaceSpec,
  type Issue,
  type ResourceRef,
} from '@isthmus/domain';
import type { ResourceRecord, TenantTx } from '@isthmus/store';
import { mayRead, type Viewer } from './viewer.js';

/** What may be told to a viewer of things that name others. */
export interface Secrecy {
  /** True if the viewer may read what is named; of what is not there, if it could be read there. */
  knows: (ref: Partial<ResourceRef>) => boolean;
  /** The issue, without names that are not the viewer's to read. */
  told: (issue: Issue) => Issue;
}

type Asking = Pick<Viewer, 'rights'>;

/** Nothing is hidden from those who may read everything. */
export const NOTHING_HIDDEN: Secrecy = { knows: () => true, told: (issue) => issue };

/** True if the viewer may read every resource there is. */
export function readsEverything({ rights }: Asking): boolean {
  return RESOURCE_KINDS.every((kind) => rights.everywhere(`${kind}.read`));
}

/**
 * What is secret before a viewer; `known`: all resources, if they have been read. Clusters are known by name where a global namespace
 * runs that the viewer may read.
 */
export async function secrecyIn(
  tx: Pick<TenantTx, 'resources' | 'targets'>,
  viewer: Asking,
  known?: readonly ResourceRecord[],
): Promise<Secrecy> {
  if (readsEverything(viewer)) return NOTHING_HIDDEN;
  const resources = known ?? (await tx.resources.all(RESOURCE_KINDS));
  const namespaces = resources.filter((record) => record.kind === 'GlobalNamespace' && mayRead(viewer, record));
  const clusters = await tx.targets.clustersOf(namespaces.map(({ uid }) => uid));
  return secrecyOf(viewer, resources, (record) => clusters.has(record.uid));
}

/** The same of given resources; `isKnown` says which others the viewer knows by name. */
export function secrecyOf(
  viewer: Asking,
  resources: readonly ResourceRecord[],
  isKnown: (record: ResourceRecord) => boolean = () => false,
): Secrecy {
  const readable = resources.filter((record) => mayRead(viewer, record));
  const keys = new Set(readable.map(refText));
  const names = new Set([...readable, ...resources.filter(isKnown)].flatMap(wordsOf));
  const hidden = new Set(resources.flatMap(wordsOf).filter((word) => !names.has(word)));
  const mentions = (text: string): boolean => wordsIn(text).some((word) => hidden.has(word));
  const knows = (ref: Partial<ResourceRef>): boolean => keys.has(refText(ref)) || couldRead(viewer, ref);
  return { knows, told: (issue) => redacted(issue, knows, mentions) };
}

/** What a resource is called: its name, and the domain that its hosts end in. */
function wordsOf({ kind, name, spec }: ResourceRecord): string[] {
  return kind === 'GlobalNamespace' ? [name, (spec as GlobalNamespaceSpec).domain] : [name];
}

/** Words of a text, and the domains that a host in it ends in. */
function wordsIn(text: string): string[] {
  const words = text.split(/[^A-Za-z0-9.-]+/).map((word) => word.replace(/^[.-]+|[.-]+$/g, ''));
  return words.flatMap((word) => {
    const labels = word.split('.');
    return labels.map((_, index) => labels.slice(index).join('.')).concat(labels);
  });
}

function refText({ kind = '', project = '', name = '' }: Partial<ResourceRef>): string {
  const isScoped = isResourceKind(kind) && isProjectScoped(kind);
  return JSON.stringify([kind, isScoped && project === '' ? DEFAULT_PROJECT : project, name]);
}

/** What is not there is told to those who could read it in its project, whatever it were about. */
function couldRead({ rights }: Asking, { kind = '', project = '' }: Partial<ResourceRef>): boolean {
  if (!isResourceKind(kind)) return false;
  if (!isProjectScoped(kind)) return rights.everywhere(`${kind}.read`);
  return rights.may(`${kind}.read`, { kind: 'PROJECT', project: project === '' ? DEFAULT_PROJECT : project });
}

function redacted(issue: Issue, knows: Secrecy['knows'], isHidden: (text: string) => boolean): Issue {
  const { message, hint, resource, cluster, manifest, path, ...plain } = issue;
  const title = isIssueCode(issue.code) ? ISSUE_CATALOG[issue.code].title : issue.code;
  return {
    ...plain,
    path: isHidden(path) ? '' : path,
    message: isHidden(message) ? `${title}, by something that is not yours to read` : message,
    ...keptIf('hint', hint, (text) => !isHidden(text)),
    ...keptIf('resource', resource, knows),
    ...keptIf('cluster', cluster, (name) => !isHidden(name)),
    ...keptIf('manifest', manifest, (one) => !isHidden(`${one.cluster} ${one.name}`)),
  };
}

/** The field if it is given and may be told. */
function keptIf<K extends string, T>(key: K, value: T | undefined, mayTell: (value: T) => boolean): { [key in K]?: T } {
  return value === undefined || !mayTell(value) ? {} : ({ [key]: value } as { [key in K]?: T });
}
