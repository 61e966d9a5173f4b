import { PassThrough } from 'node:stream';
import type { KubeObjectRef } from '@isthmus/domain';
import { resourceType, succeed, type KubeClient } from '@isthmus/kube';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ForeignWatches } from './foreign-watches.js';

const TYPE = resourceType('networking.istio.io/v1', 'ServiceEntry', 'serviceentries');
const ref = (name: string): KubeObjectRef => ({ apiVersion: TYPE.apiVersion, kind: TYPE.kind, namespace: 'n', name });

describe('watches of foreign objects', () => {
  let abort: AbortController;
  let lists: string[];
  let there: boolean;
  let changes: number;
  let watches: ForeignWatches;
  beforeEach(() => {
    vi.useFakeTimers();
    [abort, lists, there, changes] = [new AbortController(), [], true, 0];
    const client = {
      list: ({ fieldSelector = '' }: { fieldSelector?: string }) => {
        lists.push(fieldSelector);
        const items = there ? [{ metadata: { name: 'x', uid: 'u' } }] : [];
        return Promise.resolve(succeed({ items, resourceVersion: '1' }));
      },
      transport: { open: () => Promise.resolve(succeed({ response: new PassThrough(), close: () => undefined })) },
    } as unknown as KubeClient;
    const context = { client, signal: abort.signal, random: () => 0.5, tuning: {}, changed: () => void (changes += 1) };
    watches = new ForeignWatches(context);
  });
  afterEach(() => {
    abort.abort();
    vi.useRealTimers();
  });

  it('are at most twenty, one for a name, however often it is asked about', async () => {
    for (let index = 0; index < 30; index += 1) for (const _ of [1, 2]) watches.follow(ref(`o${String(index)}`), TYPE);
    await vi.advanceTimersByTimeAsync(10);
    expect([watches.size, new Set(lists).size, lists.length, changes]).toEqual([20, 20, 20, 0]);
  });

  it('end when the name is free, and for names that nobody asked about for five minutes', () => {
    for (const name of ['asked', 'forgotten', 'free']) watches.follow(ref(name), TYPE);
    vi.advanceTimersByTime(299_999);
    watches.follow(ref('asked'), TYPE);
    watches.release(ref('free'));
    expect(watches.size).toBe(2);
    vi.advanceTimersByTime(1);
    watches.release(ref('another'));
    expect(watches.size).toBe(1);
  });

  it('tell at once of one that went before the watch began', async () => {
    there = false;
    watches.follow(ref('gone'), TYPE);
    await vi.advanceTimersByTimeAsync(10);
    expect(changes).toBe(1);
  });
});
