import { describe, expect, it } from 'vitest';
import { EVERYTHING, EventQueue } from './event-queue.js';
import { mapIterator, mapSomeIterator } from './map-iterator.js';

describe('EventQueue', () => {
  it('ends while somebody waits', async () => {
    const queue = new EventQueue();
    const waiting = queue.next();
    await queue.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  it('tells the hub once that nobody listens any more', async () => {
    let ends = 0;
    const queue = new EventQueue(() => (ends += 1));
    await queue.return();
    queue.end();
    expect(ends).toBe(1);
  });

  it('gives each key once, however often it came before it was taken', async () => {
    const queue = new EventQueue();
    for (const key of ['a', 'b', 'a']) queue.push(key);
    expect([await queue.next(), await queue.next()].map(({ value }) => value as string)).toEqual(['a', 'b']);
    const third = queue.next();
    queue.push('a');
    expect((await third).value).toBe('a');
  });

  it('tells a reader that is too slow to read everything again', async () => {
    const queue = new EventQueue();
    for (let key = 0; key < 1000; key += 1) queue.push(String(key));
    expect((await queue.next()).value).toBe('0');
    for (let key = 2000; key < 2002; key += 1) queue.push(String(key));
    expect((await queue.next()).value).toBe(EVERYTHING);
  });
});

describe('mapped iterators', () => {
  it('end their source at once, even while it waits', async () => {
    const queue = new EventQueue();
    const mapped = mapSomeIterator(
      mapIterator(queue, (key) => key),
      (key) => Promise.resolve(key),
    );
    const waiting = mapped.next();
    await mapped.return?.();
    expect((await waiting).done).toBe(true);
  });

  it('pass over what maps to undefined', async () => {
    const queue = new EventQueue();
    queue.push('drop');
    queue.push('keep');
    const mapped = mapSomeIterator(queue, (key) => Promise.resolve(key === 'drop' ? undefined : key));
    expect((await mapped.next()).value).toBe('keep');
  });
});
