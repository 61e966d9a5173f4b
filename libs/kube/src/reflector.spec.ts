import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import type { KubeObject } from '@isthmus/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KubeClient, ListPage, ListRequest } from './client.js';
import { reflect, type ViewState } from './reflector.js';
import { resourceType } from './resource-type.js';
import { ResourceView } from './resource-view.js';
import { fail, succeed, type KubeResult } from './result.js';

const TYPE = resourceType('v1', 'ConfigMap', 'configmaps');
const DOWN = fail<ListPage>({ kind: 'transient', message: 'down' });
const EMPTY = succeed<ListPage>({ items: [], resourceVersion: '10' });

/** An apiserver of which a spec says what it answers, and that notes what it was asked. */
class ScriptedServer {
  readonly lists: number[] = [];
  readonly watchedFrom: string[] = [];
  readonly streams: PassThrough[] = [];
  page: KubeResult<ListPage> = EMPTY;

  readonly client = {
    list: () => {
      this.lists.push(Date.now());
      return Promise.resolve(this.page);
    },
    transport: {
      open: ({ path }: { path: string }) => {
        this.watchedFrom.push(new URL(path, 'https://x').searchParams.get('resourceVersion') ?? '');
        const stream = new PassThrough();
        this.streams.push(stream);
        const response = stream as unknown as IncomingMessage;
        return Promise.resolve(succeed({ response, close: () => stream.destroy() }));
      },
    },
  } as unknown as KubeClient;

  say(event: unknown): void {
    this.streams.at(-1)?.write(`${JSON.stringify(event)}\n`);
  }
}

describe('a reflector', () => {
  let server: ScriptedServer;
  let states: ViewState['state'][];
  let abort: AbortController;
  beforeEach(() => {
    vi.useFakeTimers();
    [server, states, abort] = [new ScriptedServer(), [], new AbortController()];
  });
  afterEach(() => {
    abort.abort();
    vi.useRealTimers();
  });
  const start = (random: number): void => {
    const ignored = (): void => undefined;
    const sink = {
      ...{ begin: ignored, upsert: ignored, remove: ignored, finish: ignored },
      state: ({ state }: ViewState) => void states.push(state),
    };
    const { client } = server;
    void reflect({ client, type: TYPE, sink, signal: abort.signal, random: () => random });
  };
  const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

  it('lists again after ever longer waits up to a limit, each anywhere between nothing and that', async () => {
    server.page = DOWN;
    start(0.999);
    await pass(300_000);
    const waits = server.lists.slice(1).map((at, index) => at - (server.lists[index] ?? 0));
    expect(waits.slice(0, 4).map((wait) => Math.round(wait / 1000))).toEqual([1, 2, 4, 8]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    const eager = server.lists.length;
    abort.abort();
    [server, abort] = [new ScriptedServer(), new AbortController()];
    server.page = DOWN;
    start(0.1);
    await pass(300_000);
    expect(server.lists.length).toBeGreaterThan(eager * 3);
  });

  it('goes on from the last bookmark, and not from its list, when a quiet watch ends', async () => {
    start(0.5);
    await pass(2000);
    server.say({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '55' } } });
    await pass(10);
    server.streams.at(-1)?.end();
    await pass(5000);
    expect(server.watchedFrom).toEqual(['10', '55']);
    expect(server.lists).toHaveLength(1);
  });

  it('takes a quiet watch for alive as long as bookmarks come, and for dead 80 s after the last', async () => {
    start(0.5);
    await pass(60_000);
    server.say({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '55' } } });
    await pass(79_000);
    expect(server.watchedFrom).toEqual(['10']);
    await pass(2000);
    expect(server.watchedFrom).toEqual(['10', '55']);
  });

  it('takes a whole list again after 410, in an answer or in the stream', async () => {
    start(0.5);
    await pass(2000);
    server.say({ type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old' } });
    await pass(5000);
    expect(server.lists).toHaveLength(2);
    expect(states).not.toContain('stale');
  });
});

describe('a list in pages', () => {
  const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const GONE = fail<ListPage>({ kind: 'gone', message: 'the provided continue parameter is too old', status: 410 });
  let abort: AbortController;
  beforeEach(() => {
    vi.useFakeTimers();
    abort = new AbortController();
  });
  afterEach(() => {
    abort.abort();
    vi.useRealTimers();
  });

  /** Objects in pages; `failures` says how many pages come before the list breaks off, list by list. */
  class PagedServer {
    names = [...NAMES];
    readonly asked: { at: string; limit: number }[] = [];
    readonly streams: PassThrough[] = [];
    readonly view = new ResourceView<string>({ strip: ({ metadata }) => metadata.name });
    #list = -1;
    #pages = 0;

    constructor(private readonly failures: readonly { after: number; with: KubeResult<ListPage> }[]) {}

    list({ limit = 0, continueAt }: ListRequest): Promise<KubeResult<ListPage>> {
      this.asked.push({ at: continueAt ?? '', limit });
      if (continueAt === undefined) [this.#list, this.#pages] = [this.#list + 1, 0];
      const failure = this.failures[this.#list];
      if (failure?.after === this.#pages) return Promise.resolve(failure.with);
      this.#pages += 1;
      const start = Number(continueAt ?? 0);
      const names = this.names.slice(start, start + limit);
      const items = names.map((name) => ({ metadata: { name, uid: name, resourceVersion: '1' } }) as KubeObject);
      const next = start + limit < this.names.length ? { next: String(start + limit) } : {};
      return Promise.resolve(succeed({ items, resourceVersion: '9', ...next }));
    }

    start(): void {
      const open = () => {
        const response = new PassThrough();
        this.streams.push(response);
        return Promise.resolve(succeed({ response, close: () => response.destroy() }));
      };
      const client = {
        list: (request: ListRequest) => this.list(request),
        transport: { open },
      } as unknown as KubeClient;
      const { view: sink } = this;
      void reflect({ client, type: TYPE, sink, signal: abort.signal, random: () => 0.5, pageSize: 2 });
    }

    /** What was seen by an earlier list that was whole. */
    know(names: readonly string[]): void {
      this.view.begin();
      for (const name of names) this.view.upsert({ metadata: { name, uid: name, resourceVersion: '1' } } as KubeObject);
      this.view.finish();
    }
  }

  it('begins anew when its place is forgotten (410) on the way, and removes nothing before one was whole', async () => {
    const server = new PagedServer([
      { after: 1, with: GONE },
      { after: 0, with: DOWN },
    ]);
    server.know([...NAMES, 'deleted meanwhile']);
    server.start();
    await vi.advanceTimersByTimeAsync(1);
    expect(server.asked.map(({ at }) => at)).toEqual(['', '2']);
    expect(server.view.names().sort()).toEqual([...NAMES, 'deleted meanwhile'].sort());
    await vi.advanceTimersByTimeAsync(600);
    expect(server.view.names()).toContain('deleted meanwhile');
    expect(server.view.viewState.state).toBe('syncing');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.view.names().sort()).toEqual(NAMES);
    expect(server.view.viewState.state).toBe('current');
  });

  it('takes larger pages each time that it was too slow, so that it ends, and small ones again afterwards', async () => {
    const server = new PagedServer([
      { after: 3, with: GONE },
      { after: 0, with: DOWN },
    ]);
    server.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.asked.map(({ limit }) => limit)).toEqual([2, 2, 2, 2, 20, 20]);
    server.streams.at(-1)?.write(`${JSON.stringify({ type: 'ERROR', object: { code: 410 } })}\n`);
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.asked.slice(6).map(({ limit }) => limit)).toEqual([2, 2, 2, 2]);
  });

  it('never forgets what is there, wherever and however often lists break off', async () => {
    const failure = fc.record({ after: fc.integer({ min: 0, max: 3 }), with: fc.constantFrom(GONE, DOWN) });
    await fc.assert(
      fc.asyncProperty(fc.array(failure, { maxLength: 5 }), async (failures) => {
        const server = new PagedServer(failures);
        server.know([...NAMES, 'deleted']);
        abort = new AbortController();
        server.start();
        for (let step = 0; step < 400; step += 1) {
          await vi.advanceTimersByTimeAsync(500);
          const names = server.view.names().sort();
          expect(names.filter((name) => name !== 'deleted')).toEqual(NAMES);
          if (server.view.viewState.state !== 'current') expect(names).toContain('deleted');
        }
        expect(server.view.names().sort()).toEqual(NAMES);
        abort.abort();
      }),
      { numRuns: 30 },
    );
  });
});
