import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KubeClient, ListPage } from './client.js';
import { reflect, type ViewState } from './reflector.js';
import { resourceType } from './resource-type.js';
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
