import { API_GROUP, GROUP_VERSION } from '../api-group.js';
import { fieldsOf } from '../inventory/manifest-fields.js';
import type { IssueCode } from '../issues/catalog.js';
import type { Issue, SourcePosition } from '../issues/issue.js';
import { issue } from '../issues/make-issue.js';
import { sortIssues } from '../issues/sort-issues.js';
import { objectKey } from '../kube-object.js';
import type { KubeObject } from '../kube-object.js';
import { parseResource } from '../resources/parse-resource.js';
import { isResourceKind } from '../resources/schema/kinds.js';
import { nearest } from '../resources/text/did-you-mean.js';
import { quote } from '../resources/text/quote.js';
import { DEFAULT_PROJECT } from '../resources/types.js';
import type { VipRow } from '../vips/allocate.js';
import type { Bundle, BundleFile, BundleResource } from './bundle.js';
import { bundlePath, type BundlePath } from './bundle-path.js';
import { manifestParts } from './plain-manifest.js';
import { parseVipLock } from './vip-lock.js';
import { readDocuments, type SourceDocument } from './yaml-document.js';

type ClusterPath = Extract<BundlePath, { kind: 'cluster-documents' }>;

/**
 * Reads the files of a bundle: Isthmus resources anywhere, `clusters/<name>/cluster.yaml` with the Cluster of that name, every other
 * document in `clusters/<name>/` as a Kubernetes object of that cluster, `vips.lock.yaml`. The order of the files does not matter.
 * Never throws; every issue has file, line and column.
 */
export function parseBundle(files: readonly BundleFile[]): Bundle {
  const reader = new BundleReader();
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) reader.addFile(file);
  return reader.bundle();
}

class BundleReader {
  private readonly resources: BundleResource[] = [];
  private readonly clusters = new Map<string, KubeObject[]>();
  private readonly issues: Issue[] = [];
  private readonly documents = new Map<string, (path: string) => SourcePosition>();
  private readonly records = new Set<string>();
  private readonly firstFiles = new Map<string, string>();
  private vipLock: VipRow[] | undefined;

  addFile(file: BundleFile): void {
    const path = bundlePath(file.path);
    if (path.kind === 'ignored') return;
    if (path.kind === 'refused') {
      const source = { file: quote(file.path), line: 1, column: 1 };
      this.issues.push(issue('ISM0104', { message: path.reason, source }));
      return;
    }
    const { documents, issues } = readDocuments(file);
    this.issues.push(...issues);
    if (path.kind === 'vip-lock') return this.addLock(documents);
    if (path.kind === 'cluster-documents') this.enterCluster(path, file, issues.length > 0);
    for (const document of documents) this.addDocument(document, path);
  }

  bundle(): Bundle {
    for (const [cluster, file] of this.firstFiles) {
      if (this.records.has(cluster)) continue;
      const message = `clusters/${cluster}/ has no cluster.yaml with a Cluster ${quote(cluster)}`;
      this.issues.push(issue('ISM0102', { message, source: { file, line: 1, column: 1 } }));
    }
    return {
      resources: this.resources,
      clusters: this.clusters,
      ...(this.vipLock === undefined ? {} : { vipLock: this.vipLock }),
      issues: sortIssues(this.issues),
      locate: (one) => locate(one, this.documents),
    };
  }

  /** A record that cannot be read counts as there: its own fault is told already. */
  private enterCluster({ cluster, isRecord }: ClusterPath, { path }: BundleFile, isBroken: boolean): void {
    if (!this.clusters.has(cluster)) this.clusters.set(cluster, []);
    if (!this.firstFiles.has(cluster)) this.firstFiles.set(cluster, path);
    if (isRecord && isBroken) this.records.add(cluster);
  }

  private addLock(documents: readonly SourceDocument[]): void {
    for (const { value, positionOf } of documents) {
      const { rows, issues } = parseVipLock(value);
      this.vipLock = [...(this.vipLock ?? []), ...rows];
      this.issues.push(...issues.map((one) => ({ ...one, source: positionOf(one.path) })));
    }
  }

  private addDocument(document: SourceDocument, path: BundlePath): void {
    const isCluster = path.kind === 'cluster-documents';
    if (isOurs(document.value, { isLikely: !isCluster || path.isRecord })) {
      return this.addResource(document, isCluster && path.isRecord ? path.cluster : undefined);
    }
    if (isCluster) return this.addManifests(document, path.cluster);
    const message = `${quote(titleOf(document.value))} is no Isthmus resource and belongs to no cluster`;
    this.note('ISM0103', message, document.positionOf(''));
  }

  private addResource({ value, positionOf }: SourceDocument, folder: string | undefined): void {
    const { resource, issues } = parseResource(value);
    const sourceOf = ({ code, path }: Issue) => positionOf(path, code === 'ISM0005' ? 'key' : undefined);
    this.issues.push(...issues.map((one) => ({ ...one, source: sourceOf(one) })));
    if (folder !== undefined && fieldsOf(value)['kind'] === 'Cluster') this.checkFolder(value, folder, positionOf);
    if (resource === undefined) return;
    const key = resourceKey(resource.kind, resource.metadata);
    const first = this.documents.get(key)?.('');
    if (first !== undefined) {
      const message = `${resource.kind} ${resource.metadata.name} is defined in ${first.file}:${first.line} already`;
      return this.note('ISM0100', message, positionOf('metadata.name'));
    }
    this.documents.set(key, positionOf);
    this.resources.push({ resource, source: positionOf('') });
  }

  private checkFolder(value: unknown, folder: string, positionOf: SourceDocument['positionOf']): void {
    this.records.add(folder);
    const { name } = fieldsOf(fieldsOf(value)['metadata']);
    if (name === folder) return;
    const message = `the Cluster in the folder ${quote(folder)} is named ${quote(String(name))}`;
    this.note('ISM0101', message, positionOf('metadata.name'));
  }

  private addManifests({ value, positionOf }: SourceDocument, cluster: string): void {
    for (const part of manifestParts(value)) {
      if ('fault' in part) {
        this.note('ISM0033', part.fault, positionOf(part.path));
        continue;
      }
      const place = (path: string) => positionOf([part.path, path].filter(Boolean).join('.'));
      const key = `${cluster}//${objectKey(part.object)}`;
      const first = this.documents.get(key)?.('');
      if (first !== undefined) {
        const { kind, metadata } = part.object;
        const message = `${kind} ${metadata.name} is defined in ${first.file}:${first.line} already`;
        this.note('ISM0106', message, place('metadata.name'));
        continue;
      }
      this.documents.set(key, place);
      this.documents.set(manifestKey(cluster, part.object), place);
      this.clusters.get(cluster)?.push(part.object);
    }
  }

  private note(code: IssueCode, message: string, source: SourcePosition): void {
    this.issues.push(issue(code, { message, source }));
  }
}

/** Ours by group, or where one of ours is likely, by kind or an almost right apiVersion; then it is refused with a hint. */
function isOurs(value: unknown, { isLikely }: { isLikely: boolean }): boolean {
  const { apiVersion, kind } = fieldsOf(value);
  if (typeof apiVersion === 'string') {
    if (apiVersion === API_GROUP || apiVersion.startsWith(`${API_GROUP}/`)) return true;
    return (
      isLikely && (nearest(apiVersion, [GROUP_VERSION]) !== undefined || (isResourceKind(kind) && kind !== 'Cluster'))
    );
  }
  return isLikely;
}

function titleOf(value: unknown): string {
  const { apiVersion, kind } = fieldsOf(value);
  return [apiVersion, kind].filter((part) => typeof part === 'string').join(' ') || 'the document';
}

const resourceKey = (kind: string, { project, name }: { project?: string; name: string }) =>
  `${kind}/${project ?? DEFAULT_PROJECT}/${name}`;

function manifestKey(cluster: string, { kind, metadata }: KubeObject): string {
  const name = metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
  return `${cluster}//${kind}//${name}`;
}

/** The manifest of the cluster, else the resource, else the record of the cluster as a whole. */
function locate(one: Issue, documents: ReadonlyMap<string, (path: string) => SourcePosition>): Issue {
  const { cluster, resource, path, source } = one;
  const places: [key: string, path: string][] = [];
  if (cluster !== undefined && resource) places.push([`${cluster}//${resource.kind}//${resource.name}`, path]);
  if (resource) places.push([resourceKey(resource.kind, resource), path]);
  if (cluster !== undefined) places.push([resourceKey('Cluster', { name: cluster }), resource ? '' : path]);
  const found = places.find(([key]) => documents.has(key));
  if (source !== undefined || found === undefined) return one;
  const position = documents.get(found[0])?.(found[1]);
  return position === undefined ? one : { ...one, source: position };
}
