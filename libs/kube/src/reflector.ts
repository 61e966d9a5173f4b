import type { KubeObject } from '@isthmus/domain';
import { pause } from '@isthmus/platform';
import type { KubeClient, Selection } from './client.js';
import type { KubeFailure } from './result.js';
import { watchStream, type WatchEnd } from './watch-stream.js';

/**
 * How far a view can be trusted. `current`: a full list was taken and is being followed. `stale`: it was, and cannot be
 * followed at the moment. Only a current view may be concluded from absence.
 */
export type ViewState =
  | { state: 'syncing'; failure?: KubeFailure }
  | { state: 'current' }
  | { state: 'stale' | 'forbidden' | 'notServed'; failure: KubeFailure };

/** Takes what a reflector sees. What was not seen between `begin` and `finish` of a list is gone; without `finish` nothing is. */
export interface ReflectorSink {
  begin(): void;
  upsert(object: KubeObject): void;
  remove(object: KubeObject): void;
  finish(): void;
  state(state: ViewState): void;
}

export interface ReflectorOptions extends Selection {
  client: KubeClient;
  sink: ReflectorSink;
  signal: AbortSignal;
  /** Between 0 and 1, for jitter. */
  random: () => number;
  pageSize?: number;
  /** Silence that counts as a dead watch; default 80 s, a bookmark being due each minute. */
  stallMs?: number;
  /** The watch may be away this long before the view counts as stale; default 20 s. */
  graceMs?: number;
  /** First and longest wait before another try; full jitter between. Defaults 500 ms and 30 s. */
  backoffMs?: { first: number; longest: number };
}

const NOT_ALLOWED_WAIT_MS = 30_000;

/** Lists, then watches, and begins again where the watch cannot go on; until aborted. */
export async function reflect(options: ReflectorOptions): Promise<void> {
  const run = new Reflection(options);
  options.sink.state({ state: 'syncing' });
  while (!options.signal.aborted) {
    try {
      const listed = await run.list();
      if (listed !== undefined) await run.watch(listed);
    } catch (error) {
      await run.broke(error);
    }
  }
}

class Reflection {
  readonly #backoff: { first: number; longest: number };
  #attempt = 0;
  #everCurrent = false;
  #lastGood = 0;
  /** Lists in a row whose place was forgotten on the way. */
  #forgotten = 0;

  constructor(private readonly options: ReflectorOptions) {
    this.#backoff = options.backoffMs ?? { first: 500, longest: 30_000 };
  }

  /**
   * The resourceVersion of a full list; undefined after a failure that was waited for. A list whose place the apiserver forgets (410) while
   * its pages come is too slow for it: each further one takes pages ten times larger, until one is in time.
   */
  async list(): Promise<string | undefined> {
    const { client, sink, signal, pageSize = 500 } = this.options;
    sink.begin();
    let continueAt: string | undefined;
    const limit = pageSize * 10 ** Math.min(this.#forgotten, 6);
    for (;;) {
      const page = await client.list({ ...this.options, limit, continueAt, signal });
      if (signal.aborted) return undefined;
      if (!page.ok) {
        if (page.failure.kind === 'gone') this.#forgotten += 1;
        await this.#failed(page.failure);
        return undefined;
      }
      for (const item of page.value.items) sink.upsert(item);
      continueAt = page.value.next;
      if (continueAt === undefined) return this.#finished(page.value.resourceVersion);
    }
  }

  /** A fault of our own, as an object that the sink cannot take, must not end the process: it is said and tried again. */
  broke(error: unknown): Promise<void> {
    return this.#failed({ kind: 'transient', message: error instanceof Error ? error.message : String(error) });
  }

  #finished(resourceVersion: string): string {
    this.#forgotten = 0;
    this.options.sink.finish();
    this.#good();
    return resourceVersion;
  }

  /** Follows the list; comes back when a new list is needed. */
  async watch(from: string): Promise<void> {
    let resourceVersion = from;
    const note = (version: string | undefined): void => {
      if (version) resourceVersion = version;
    };
    while (!this.options.signal.aborted) {
      const opened = performance.now();
      const end = await this.#follow(resourceVersion, note);
      if (end.reason === 'aborted') return;
      if (end.reason === 'gone') return this.#wait();
      if (end.reason === 'failed') {
        if (end.failure.kind !== 'transient') return this.#wait();
        await this.#failed(end.failure);
      } else if (performance.now() - opened < 1000) await this.#wait();
    }
  }

  async #follow(resourceVersion: string, note: (version: string | undefined) => void): Promise<WatchEnd> {
    const { client, sink, random, stallMs = 80_000 } = this.options;
    let wasOpen = false;
    const end = await watchStream(client, {
      ...this.options,
      resourceVersion,
      stallMs,
      lifeSeconds: Math.round(300 + 300 * random()),
      opened: () => {
        wasOpen = true;
        this.#good();
      },
      event: (event) => {
        if (event.type === 'BOOKMARK') return note(event.resourceVersion);
        note(event.object.metadata.resourceVersion);
        if (event.type === 'DELETED') sink.remove(event.object);
        else sink.upsert(event.object);
      },
    });
    if (wasOpen) this.#lastGood = performance.now();
    return end;
  }

  #good(): void {
    this.#attempt = 0;
    this.#everCurrent = true;
    this.#lastGood = performance.now();
    this.options.sink.state({ state: 'current' });
  }

  async #failed(failure: KubeFailure): Promise<void> {
    const { sink, graceMs = 20_000 } = this.options;
    if (failure.kind === 'forbidden' || failure.kind === 'notServed') {
      sink.state({ state: failure.kind, failure });
      return pause(NOT_ALLOWED_WAIT_MS * (0.5 + this.options.random()), this.options.signal);
    }
    if (!this.#everCurrent) sink.state({ state: 'syncing', failure });
    else if (performance.now() - this.#lastGood > graceMs) sink.state({ state: 'stale', failure });
    if (failure.retryAfterMs !== undefined) await pause(failure.retryAfterMs, this.options.signal);
    await this.#wait();
  }

  /** Full jitter: anything between nothing and the doubled wait, so that many agents never come at once. */
  #wait(): Promise<void> {
    const { first, longest } = this.#backoff;
    this.#attempt = Math.min(this.#attempt + 1, 20);
    return pause(this.options.random() * Math.min(longest, first * 2 ** this.#attempt), this.options.signal);
  }
}
