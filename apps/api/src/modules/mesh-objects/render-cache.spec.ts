import type { RenderedObject } from '@isthmus/meshes';
import { describe, expect, it } from 'vitest';
import { RenderCache } from './render-cache.js';
import type { RenderedTarget } from './render-target.js';

const object: RenderedObject = {
  side: 'owner',
  order: 1,
  object: { apiVersion: 'v1', kind: 'ServiceEntry', metadata: { name: 'x' } },
};

function rendered(objects: number, until = Infinity): Promise<RenderedTarget> {
  const sources = { of: () => [] } as unknown as RenderedTarget['sources'];
  const gns = { project: 'default', name: 'shop' };
  return Promise.resolve({ gns, objects: Array<RenderedObject>(objects).fill(object), issues: [], sources, until });
}

describe('what was rendered', () => {
  const start = (limit: number) => {
    const cache = new RenderCache(limit);
    const made: string[] = [];
    const get = (key: string, now = 0, make = () => rendered(4)) =>
      cache.get(key, now, () => {
        made.push(key);
        return make();
      });
    return { made, get };
  };

  it('is not kept if it failed', async () => {
    const { get, made } = start(10);
    await expect(get('a', 0, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    await get('a');
    expect(made).toEqual(['a', 'a']);
  });

  it('is rendered once, also for those who ask at the same time, and anew from the instant at which a policy ends', async () => {
    const { get, made } = start(10);
    await Promise.all([get('a', 0, () => rendered(4, 100)), get('a')]);
    await get('a', 99);
    expect(made).toEqual(['a']);
    await get('a', 100);
    expect(made).toEqual(['a', 'a']);
  });

  it('makes room for what is asked for after it, but stays alone however large it is', async () => {
    const { get, made } = start(10);
    for (const key of ['a', 'b', 'a', 'c']) await get(key);
    expect(made).toEqual(['a', 'b', 'c']);
    await get('a');
    await get('b');
    expect(made).toEqual(['a', 'b', 'c', 'b']);
    await get('large', 0, () => rendered(11));
    await get('large');
    expect(made.filter((key) => key === 'large')).toHaveLength(1);
  });
});
