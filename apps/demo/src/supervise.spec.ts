import { describe, expect, it } from 'vitest';
import { supervise, type Running } from './supervise.js';

/** A part that ends when told to. */
function part() {
  const runs: { end: (how: string) => void }[] = [];
  const start = (): Promise<Running> => {
    let end: (how: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => {
      end = resolve;
    });
    runs.push({ end });
    return Promise.resolve({
      ended,
      stop: () => {
        end('was stopped');
        return Promise.resolve();
      },
    });
  };
  return { runs, start };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

async function crash(runs: { end: (how: string) => void }[]): Promise<void> {
  runs.at(-1)?.end('crashed');
  await settled();
}

describe('the supervision of parts', () => {
  it('gives up at the sixth end within a minute, and says so once', async () => {
    const { runs, start } = part();
    const told: string[] = [];
    await supervise({
      name: 'api',
      start,
      onRestart: () => undefined,
      onGiveUp: (text) => told.push(text),
      now: () => 0,
      pauseMs: 0,
    });
    for (let count = 0; count < 5; count += 1) await crash(runs);
    expect(told).toEqual([]);
    await crash(runs);
    expect(told).toEqual(['api crashed, and not for the first time']);
    expect(runs).toHaveLength(6);
  });

  it('forgets ends that are more than a minute old', async () => {
    const { runs, start } = part();
    const told: string[] = [];
    let time = 0;
    await supervise({
      name: 'api',
      start,
      onRestart: () => undefined,
      onGiveUp: (text) => told.push(text),
      now: () => time,
      pauseMs: 0,
    });
    for (let count = 0; count < 10; count += 1) {
      await crash(runs);
      time += 20_000;
    }
    expect(told).toEqual([]);
    expect(runs).toHaveLength(11);
  });

  it('does not start a part again that was asked to stop', async () => {
    const { runs, start } = part();
    const restarts: string[] = [];
    const supervised = await supervise({
      name: 'api',
      start,
      onRestart: (text) => restarts.push(text),
      onGiveUp: () => undefined,
    });
    await supervised.stop();
    await settled();
    expect(restarts).toEqual([]);
    expect(runs).toHaveLength(1);
  });
});
