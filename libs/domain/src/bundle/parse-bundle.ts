import { API_GROUP, GROUP_VERSION } from '../api-group.js';
import { fieldsOf } from '../inventory/manifest-fields.js';
import type { IssueCode } from '../issues/catalog.js';
import type { Issue } from '../issues/issue.js';
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
import { DocumentReader, type Place, type ReadDocument } from './document-reader.js';
import { manifestParts } from './plain-manifest.js';
import { parseVipLock } from './vip-lock.js';

type ClusterPath = Extract<BundlePath, { kind: 'cluster-documents' }>;

/**
 * Reads the files of a bundle: Isthmus resources anywhere, `clusters/<name>/cluster.yaml` with the Cluster of that name, every other
 * document in `clusters/<name>/` as a Kubernetes object of that cluster, `vips.lock.yaml`. The order of the files does not matter.
 * Never throws; every issue has file, line and column. `onFile` is told how many files are done.
 */
export function parseBundle(files: readonly BundleFile[], onFile?: (done: number) => void): Bundle {
  const reader = new BundleReader();
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const [index, file] of sorted.entries()) {
    onFile?.(index);
    reader.addFile(file);
  }
  return reader.bundle();
}

class BundleReader {
  private readonly resources: BundleResource[] = [];
  private readonly clusters = new Map<string, KubeObject[]>();
  private readonly issues: Issue[] = [];
  private readonly reader = new DocumentReader();
  private readonly documents = new Map<string, Place>();
  private readonly repetitions: Repetition[] = [];
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
    const { documents, issues } = this.reader.read(file);
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
    this.tellRepetitions();
    return {
      resources: this.resources,
      clusters: this.clusters,
      ...(this.vipLock === undefined ? {} : { vipLock: this.vipLock }),
      issues: sortIssues(this.issues),
      locate: (one) => this.locate([one])[0] ?? one,
      locateAll: (issues) => this.locate(issues),
    };
  }

  /** A record that cannot be read counts as there: its own fault is told already. */
  private enterCluster({ cluster, isRecord }: ClusterPath, { path }: BundleFile, isBroken: boolean): void {
    if (!this.clusters.has(cluster)) this.clusters.set(cluster, []);
    if (!this.firstFiles.has(cluster)) this.firstFiles.set(cluster, path);
    if (isRecord && isBroken) this.records.add(cluster);
  }

  private addLock(documents: readonly ReadDocument[]): void {
    for (const document of documents) {
      const { rows, issues } = parseVipLock(document.value);
      this.vipLock = [...(this.vipLock ?? []), ...rows];
      this.issues.push(
        ...issues.map((one) => ({ ...one, source: this.reader.position({ document, path: one.path }) })),
      );
    }
  }

  private addDocument(document: ReadDocument, path: BundlePath): void {
    const isCluster = path.kind === 'cluster-documents';
    if (isOurs(document.value, { isLikely: !isCluster || path.isRecord })) {
      return this.addResource(document, isCluster && path.isRecord ? path.cluster : undefined);
    }
    if (isCluster) return this.addManifests(document, path.cluster);
    const message = `${quote(titleOf(document.value))} is no Isthmus resource and belongs to no cluster`;
    this.note('ISM0103', message, { document, path: '' });
  }

  private addResource(document: ReadDocument, folder: string | undefined): void {
    const { value, start } = document;
    const { resource, issues } = parseResource(value);
    for (const one of issues) {
      const place: Place = { document, path: one.path, ...(one.code === 'ISM0005' ? { part: 'key' } : {}) };
      this.issues.push({ ...one, source: this.reader.position(place) });
    }
    if (folder !== undefined && fieldsOf(value)['kind'] === 'Cluster') this.checkFolder(document, folder);
    if (resource === undefined) return;
    const { kind, metadata } = resource;
    const isFirst = this.claim([resourceKey(kind, metadata)], { document, path: '' }, `${kind} ${metadata.name}`);
    if (isFirst) this.resources.push({ resource, source: start });
  }

  private checkFolder(document: ReadDocument, folder: string): void {
    this.records.add(folder);
    const { name } = fieldsOf(fieldsOf(document.value)['metadata']);
    if (name === folder) return;
    const message = `the Cluster in the folder ${quote(folder)} is named ${quote(String(name))}`;
    this.note('ISM0101', message, { document, path: 'metadata.name' });
  }

  private addManifests(document: ReadDocument, cluster: string): void {
    for (const part of manifestParts(document.value)) {
      const { path } = part;
      if ('fault' in part) {
        this.note('ISM0033', part.fault, { document, path });
        continue;
      }
      const { object } = part;
      const keys = [`${cluster}//${objectKey(object)}`, manifestKey(cluster, object)];
      const isFirst = this.claim(keys, { document, path }, `${object.kind} ${object.metadata.name}`);
      if (isFirst) this.clusters.get(cluster)?.push(object);
    }
  }

  /** Notes where something stands under its keys; false if the first of them is taken, which is told at the end. */
  private claim(keys: readonly string[], place: Place, title: string): boolean {
    const [key = ''] = keys;
    const first = this.documents.get(key);
    for (const one of first === undefined ? keys : []) this.documents.set(one, place);
    if (first !== undefined) this.repetitions.push({ key, first, second: fieldOf(place, 'metadata.name'), title });
    return first === undefined;
  }

  /** Together, because the places of two files are looked up. */
  private tellRepetitions(): void {
    const firsts = this.reader.positions(this.repetitions.map(({ first }) => first));
    const seconds = this.reader.positions(this.repetitions.map(({ second }) => second));
    this.repetitions.forEach(({ key, title }, index) => {
      const [first, source] = [firsts[index], seconds[index]];
      const message = `${title} is defined in ${first?.file}:${first?.line} already`;
      this.issues.push(issue(key.includes('//') ? 'ISM0106' : 'ISM0100', { message, ...(source && { source }) }));
    });
  }

  private note(code: IssueCode, message: string, place: Place): void {
    this.issues.push(issue(code, { message, source: this.reader.position(place) }));
  }

  private locate(issues: readonly Issue[]): Issue[] {
    const places = issues.map((one) => (one.source === undefined ? placeOf(one, this.documents) : undefined));
    const known = places.filter((place) => place !== undefined);
    const positions = new Map(this.reader.positions(known).map((position, index) => [known[index], position]));
    return issues.map((one, index) => {
      const source = positions.get(places[index]);
      return source === undefined ? one : { ...one, source };
    });
  }
}

/** Something that stands in a bundle a second time. */
interface Repetition {
  key: string;
  first: Place;
  second: Place;
  title: string;
}

/** The place of a field inside of what stands at the place. */
const fieldOf = (place: Place, path: string): Place => ({
  ...place,
  path: [place.path, path].filter(Boolean).join('.'),
});

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

/** Where an issue belongs: in the manifest that shows it, else one of the cluster, else the resource, else the record of the cluster as a whole. */
function placeOf(
  { cluster, resource, manifest, path }: Issue,
  documents: ReadonlyMap<string, Place>,
): Place | undefined {
  const places: [key: string, path: string][] = [];
  if (manifest) places.push([`${manifest.cluster}//${manifest.kind}//${manifest.name}`, manifest.path ?? '']);
  if (cluster !== undefined && resource) places.push([`${cluster}//${resource.kind}//${resource.name}`, path]);
  if (resource) places.push([resourceKey(resource.kind, resource), path]);
  if (cluster !== undefined) places.push([resourceKey('Cluster', { name: cluster }), resource ? '' : path]);
  for (const [key, path] of places) {
    const place = documents.get(key);
    if (place !== undefined) return fieldOf(place, path);
  }
  return undefined;
}
