import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from './logger.js';
import { createShutdown } from './shutdown.js';

const isConnected = Object.getOwnPropertyDescriptor(process, 'connected');

describe('shutdown', () => {
  afterEach(() => {
    if (isConnected === undefined) Reflect.deleteProperty(process, 'connected');
    else Object.defineProperty(process, 'connected', isConnected);
  });

  it.each([
    [false, [0]],
    [true, []],
    [undefined, []],
  ])('ends at once if the supervisor was gone before anybody listened (connected: %s)', async (connected, ended) => {
    const codes: number[] = [];
    const shutdown = createShutdown({ log: silentLogger(), exit: (code) => void codes.push(code) });
    Object.defineProperty(process, 'connected', { value: connected, configurable: true, writable: true });
    const unlisten = shutdown.listen();
    await new Promise((resolve) => setImmediate(resolve));
    expect(codes).toEqual(ended);
    unlisten();
  });

  it('ends with code 1 when a closer fails, and still closes the others', async () => {
    const codes: number[] = [];
    const closed: string[] = [];
    const shutdown = createShutdown({ log: silentLogger(), exit: (code) => void codes.push(code) });
    shutdown.onShutdown('database', () => void closed.push('database'));
    shutdown.onShutdown('server', () => Promise.reject(new Error('stuck')));
    await shutdown.run('test');
    expect(closed).toEqual(['database']);
    expect(codes).toEqual([1]);
  });

  it('ends with code 1 when the deadline passes', async () => {
    const codes: number[] = [];
    const shutdown = createShutdown({ log: silentLogger(), deadlineMs: 5, exit: (code) => void codes.push(code) });
    shutdown.onShutdown('slow', () => new Promise((resolve) => setTimeout(resolve, 30)));
    await shutdown.run('test');
    expect(codes[0]).toBe(1);
  });

  it('closes in reverse order, once', async () => {
    const closed: string[] = [];
    const shutdown = createShutdown({ log: silentLogger(), exit: () => undefined });
    shutdown.onShutdown('database', () => void closed.push('database'));
    shutdown.onShutdown('server', () => void closed.push('server'));
    await Promise.all([shutdown.run('first'), shutdown.run('second')]);
    expect(closed).toEqual(['server', 'database']);
  });
});
