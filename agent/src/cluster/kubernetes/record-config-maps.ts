import { createHash } from 'node:crypto';
import { API_GROUP, type KubeObject } from '@isthmus/domain';
import { inParallel, KubeError, orThrow, resourceType, type KubeClient } from '@isthmus/kube';
import type { ClusterRecord } from '../cluster-port.js';
import { COPY, HEAD, joinRecord, partNames, splitRecord } from './record-shards.js';

const CONFIG_MAP = resourceType('v1', 'ConfigMap', 'configmaps');
const PREFIX = 'isthmus-record';
const KEY = 'record.json';
/** etcd takes 1.5 MiB, an apiserver 1 MiB of data in a ConfigMap. */
const MAX_PART_BYTES = 1_000_000;
const PARALLEL = 4;

interface KnownPart {
  /** Of its text, which is as large as all that is owned. */
  hash: string;
  resourceVersion: string;
}

/**
 * The record in ConfigMaps of the agent's namespace. Every part is replaced only if nobody wrote it since it was read: a second agent
 * makes `save` throw, and what it knew is forgotten until the next `load`.
 */
export class RecordConfigMaps {
  #known: Map<string, KnownPart> | undefined;

  constructor(
    private readonly client: KubeClient,
    private readonly namespace: string,
  ) {}

  async load(): Promise<ClusterRecord> {
    const known = new Map<string, KnownPart>();
    const texts = new Map<string, string>();
    await inParallel(partNames(), PARALLEL, async (part) => {
      const read = await this.client.getOf(CONFIG_MAP, { namespace: this.namespace, name: nameOf(part) });
      if (!read.ok && read.failure.kind === 'notFound') return;
      const object = orThrow(`the record ${nameOf(part)} cannot be read`, read);
      const text = textOf(object);
      texts.set(part, text);
      known.set(part, { hash: hashOf(text), resourceVersion: object.metadata.resourceVersion ?? '' });
    });
    const joined = joinRecord(texts);
    if (!joined.ok) {
      throw new Error(
        `the record of owned objects in ${this.namespace} is damaged: ${joined.reason}. ` +
          `Restore its ConfigMaps ${PREFIX}*, or remove them all to start without owned objects`,
      );
    }
    this.#known = known;
    return joined.record;
  }

  /** Writes the parts that changed: owned objects first, the head and its copy last, so that a named part is always there. */
  async save(record: ClusterRecord): Promise<void> {
    if (this.#known === undefined) await this.load();
    const known = this.#known ?? new Map<string, KnownPart>();
    const parts = splitRecord(record, new Set(known.keys()));
    const changed = [...parts].filter(([part, text]) => known.get(part)?.hash !== hashOf(text));
    for (const [part, text] of changed) refuseTooLarge(part, text);
    try {
      const isNew = !known.has(COPY);
      const turnOf = (part: string): number => (part === HEAD || (part === COPY && !isNew) ? 2 : Number(part === COPY));
      for (const turn of [0, 1, 2]) {
        const together = changed.filter(([part]) => turnOf(part) === turn);
        await inParallel(together, PARALLEL, ([part, text]) => this.#write(known, part, text));
      }
    } catch (error) {
      this.#known = undefined;
      throw error;
    }
  }

  async #write(known: Map<string, KnownPart>, part: string, text: string): Promise<void> {
    const before = known.get(part);
    const metadata = {
      name: nameOf(part),
      namespace: this.namespace,
      labels: { 'app.kubernetes.io/part-of': 'isthmus', [`${API_GROUP}/record`]: 'owned' },
    };
    const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [KEY]: text } };
    const result =
      before === undefined
        ? await this.client.create(CONFIG_MAP, object)
        : await this.client.replace(CONFIG_MAP, {
            ...object,
            metadata: { ...metadata, resourceVersion: before.resourceVersion },
          });
    if (!result.ok) throw new KubeError(`the record ${nameOf(part)} was not written`, result.failure);
    known.set(part, { hash: hashOf(text), resourceVersion: result.value.metadata.resourceVersion ?? '' });
  }
}

function nameOf(part: string): string {
  return part === HEAD ? PREFIX : `${PREFIX}-${part}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function textOf(object: KubeObject): string {
  const data = (object['data'] ?? {}) as Record<string, string>;
  return data[KEY] ?? '';
}

function refuseTooLarge(part: string, text: string): void {
  const size = Buffer.byteLength(text);
  if (size > MAX_PART_BYTES) throw new Error(`part ${part} of the record would have ${size} bytes; too many objects`);
}
