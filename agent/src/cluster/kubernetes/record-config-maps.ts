import { API_GROUP, type KubeObject } from '@isthmus/domain';
import { inParallel, KubeError, orThrow, resourceType, type KubeClient } from '@isthmus/kube';
import type { ClusterRecord } from '../cluster-port.js';
import { changeOf, type PartChange } from './record-changes.js';
import { COPY, HEAD, joinRecord, partNames, partsOf, textOfPart, type RecordPart } from './record-shards.js';

const CONFIG_MAP = resourceType('v1', 'ConfigMap', 'configmaps');
const PREFIX = 'isthmus-record';
const KEY = 'record.json';
/** etcd takes 1.5 MiB, an apiserver 1 MiB of data in a ConfigMap. */
const MAX_PART_BYTES = 1_000_000;
const PARALLEL = 4;
const LATER_MS = 3000;

/** A part as it was read or written last. */
interface KnownPart extends RecordPart {
  resourceVersion: string;
}

export interface RecordOptions {
  client: KubeClient;
  namespace: string;
  /** What may wait is not written by an agent that may not act. */
  isActing?: () => boolean;
  /** How long what may wait does; default 3 s. */
  laterMs?: number | undefined;
}

/**
 * The record in ConfigMaps of the agent's namespace. Every part is replaced only if nobody wrote it since it was read: a second agent
 * makes `save` throw, and what it knew is forgotten until the next `load`. Names, uids and fences are written before `save` resolves;
 * what only tells drift from a change of ours, and the fences in the head while its copy has them, a little later and together.
 */
export class RecordConfigMaps {
  #known: Map<string, KnownPart> | undefined;
  #running: Promise<unknown> = Promise.resolve();
  /** The last record, if something of it is still to be written. */
  #later: { record: ClusterRecord; timer: NodeJS.Timeout } | undefined;

  constructor(private readonly options: RecordOptions) {}

  load(): Promise<ClusterRecord> {
    return this.#inTurn(() => this.#load());
  }

  save(record: ClusterRecord): Promise<void> {
    return this.#inTurn(() => this.#save(record, 'now'));
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    await this.#inTurn(async () => {
      const waiting = this.#forgetLater();
      if (waiting !== undefined && this.options.isActing?.() !== false) await this.#save(waiting, 'all');
    });
  }

  /** Reads and writes never meet. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#running.then(work);
    this.#running = result.catch(() => undefined);
    return result;
  }

  async #load(): Promise<ClusterRecord> {
    const { client, namespace } = this.options;
    this.#forgetLater();
    const versions = new Map<string, string>();
    const texts = new Map<string, string>();
    await inParallel(partNames(), PARALLEL, async (part) => {
      const read = await client.getOf(CONFIG_MAP, { namespace, name: nameOf(part) });
      if (!read.ok && read.failure.kind === 'notFound') return;
      const object = orThrow(`the record ${nameOf(part)} cannot be read`, read);
      texts.set(part, textOf(object));
      versions.set(part, object.metadata.resourceVersion ?? '');
    });
    const joined = joinRecord(texts);
    if (!joined.ok) {
      throw new Error(
        `the record of owned objects in ${namespace} is damaged: ${joined.reason}. ` +
          `Restore its ConfigMaps ${PREFIX}*, or remove them all to start without owned objects`,
      );
    }
    const known = [...joined.parts].map(([name, part]): [string, KnownPart] => [
      name,
      { ...part, resourceVersion: versions.get(name) ?? '' },
    ]);
    this.#known = new Map(known);
    return joined.record;
  }

  /** Writes the parts that changed: owned objects first, the head and its copy last, so that a named part is always there. */
  async #save(record: ClusterRecord, what: 'now' | 'all'): Promise<void> {
    if (this.#known === undefined) await this.#load();
    const known = this.#known ?? new Map<string, KnownPart>();
    const parts = partsOf(record, new Set(known.keys()));
    const changes = [...parts].map(([name, part]) => ({ name, part, change: changeOf(name, known.get(name), part) }));
    const written = (change: PartChange): boolean => change === 'now' || (change === 'later' && what === 'all');
    const isNew = !known.has(COPY);
    const turnOf = (name: string): number => (name === HEAD || (name === COPY && !isNew) ? 2 : Number(name === COPY));
    try {
      for (const turn of [0, 1, 2]) {
        const together = changes.filter(({ name, change }) => written(change) && turnOf(name) === turn);
        await inParallel(together, PARALLEL, ({ name, part }) => this.#write(known, name, part));
      }
    } catch (error) {
      this.#known = undefined;
      throw error;
    }
    if (changes.some(({ change }) => change === 'later') && what === 'now') this.#writeLater(record);
    else this.#forgetLater();
  }

  #writeLater(record: ClusterRecord): void {
    const { laterMs = LATER_MS } = this.options;
    // What could not be written then is compared with what is there, and written, at the next save.
    const timer = this.#later?.timer ?? setTimeout(() => void this.flush().catch(() => undefined), laterMs).unref();
    this.#later = { record, timer };
  }

  #forgetLater(): ClusterRecord | undefined {
    const later = this.#later;
    clearTimeout(later?.timer);
    this.#later = undefined;
    return later?.record;
  }

  async #write(known: Map<string, KnownPart>, part: string, content: RecordPart): Promise<void> {
    const { client, namespace } = this.options;
    const before = known.get(part);
    const text = textOfPart(part, content);
    refuseTooLarge(part, text);
    const metadata = {
      name: nameOf(part),
      namespace,
      labels: { 'app.kubernetes.io/part-of': 'isthmus', [`${API_GROUP}/record`]: 'owned' },
    };
    const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [KEY]: text } };
    const result =
      before === undefined
        ? await client.create(CONFIG_MAP, object, 'metadata')
        : await client.replace(
            CONFIG_MAP,
            { ...object, metadata: { ...metadata, resourceVersion: before.resourceVersion } },
            'metadata',
          );
    if (!result.ok) throw new KubeError(`the record ${nameOf(part)} was not written`, result.failure);
    known.set(part, { ...content, resourceVersion: result.value.metadata.resourceVersion ?? '' });
  }
}

function nameOf(part: string): string {
  return part === HEAD ? PREFIX : `${PREFIX}-${part}`;
}

function textOf(object: KubeObject): string {
  const data = (object['data'] ?? {}) as Record<string, string>;
  return data[KEY] ?? '';
}

function refuseTooLarge(part: string, text: string): void {
  const size = Buffer.byteLength(text);
  if (size > MAX_PART_BYTES) throw new Error(`part ${part} of the record would have ${size} bytes; too many objects`);
}
