import { RESOURCE_KINDS, type ClusterInventory, type Resource } from '@isthmus/domain';
import type { MutationTx, ResourceKey, ResourceRecord } from '@isthmus/store';
import { resourceOf } from '../resources/resource-document.js';
import { keyText } from './desired.js';

/** An organization's resources as they are stored. Nothing of it may be changed: other requests read it, too. */
export interface StoredSet {
  /** See `ResourceRepository.lock`. */
  stamp: string;
  /** By `kind/project/name`. */
  records: ReadonlyMap<string, ResourceRecord>;
  /** What is wrong with them, under these inventories; undefined: not judged yet. */
  judged?: JudgedUnder;
}

/** Keys of issues, with what they were found under. */
export interface JudgedUnder {
  inventories: KnownInventories;
  issues: ReadonlySet<string>;
}

/** Inventories by cluster name; equal fingerprints of an organization mean equal inventories. */
export interface KnownInventories {
  fingerprint: string;
  byCluster: ReadonlyMap<string, ClusterInventory>;
}

/** Roughly: texts of the resources, and what inventories take beside them. */
const MAX_BYTES = 64 * 1024 * 1024;
const RECORD_BYTES = 400;
const NAMESPACE_BYTES = 2048;

const weights = new WeakMap<ResourceRecord, number>();
const documents = new WeakMap<ResourceRecord, Resource>();

/**
 * What was stored when an organization was changed last, so that its next change reads what came since and not everything again. An entry
 * is used only under the lock of the organization's resources and if its stamp is what the database answers there; whatever
 * it was written by, another process or a restore, it is then what a read would answer. Organizations changed longest ago go first.
 */
export class StoredSets {
  readonly #sets = new Map<string, { set: StoredSet; bytes: number }>();
  #bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  /** The set of the transaction's organization, which holds the lock that was stamped. */
  async current(tx: Pick<MutationTx, 'org' | 'resources'>, stamp: string): Promise<StoredSet> {
    const known = this.#sets.get(tx.org)?.set;
    if (known?.stamp === stamp) return known;
    const since = known && (await tx.resources.since(known.stamp));
    if (known !== undefined && since !== undefined) return { stamp, records: moved(known.records, since) };
    const all = await tx.resources.all(RESOURCE_KINDS);
    return { stamp, records: new Map(all.map((record) => [keyText(record), record])) };
  }

  /** Remembers what is stored once the transaction of this stamp commits; if it does not, nothing will ever have that stamp. */
  keep(org: string, set: StoredSet): void {
    this.#forget(org);
    const bytes = bytesOf(set);
    if (bytes > this.maxBytes) return;
    this.#sets.set(org, { set, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#sets.keys()) {
      if (this.#bytes <= this.maxBytes) break;
      this.#forget(oldest);
    }
  }

  #forget(org: string): void {
    this.#bytes -= this.#sets.get(org)?.bytes ?? 0;
    this.#sets.delete(org);
  }
}

function moved(
  records: StoredSet['records'],
  { changed, gone }: { changed: readonly ResourceRecord[]; gone: readonly ResourceKey[] },
): Map<string, ResourceRecord> {
  const now = new Map(records);
  for (const key of gone) now.delete(keyText(key));
  for (const record of changed) now.set(keyText(record), record);
  return now;
}

function bytesOf({ records, judged }: StoredSet): number {
  let bytes = 0;
  for (const record of records.values()) bytes += weightOf(record);
  for (const { namespaces } of judged?.inventories.byCluster.values() ?? [])
    bytes += namespaces.length * NAMESPACE_BYTES;
  return bytes;
}

function weightOf(record: ResourceRecord): number {
  const known = weights.get(record);
  if (known !== undefined) return known;
  const { labels, annotations, spec } = record;
  const weight = RECORD_BYTES + JSON.stringify([labels, annotations, spec]).length;
  weights.set(record, weight);
  return weight;
}

/** Resources as documents, made once for each record. */
export function documentsOf(records: Iterable<ResourceRecord>): Resource[] {
  return Array.from(records, (record) => {
    const known = documents.get(record);
    if (known !== undefined) return known;
    const document = resourceOf(record);
    documents.set(record, document);
    return document;
  });
}
