import { createMetrics, silentLogger } from '@isthmus/platform';
import { describe, expect, it } from 'vitest';
import { startLoop, type Loop } from './loop.js';
import { workerMetrics } from './metrics.js';

const metrics = workerMetrics(createMetrics('spec'));

function loop(everyMs: number, round: () => Promise<void>): Loop {
  return startLoop({ name: 'spec', everyMs, round, log: silentLogger(), metrics });
}

async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('a loop', () => {
  it('goes on after a round that failed, and counts it', async () => {
    let rounds = 0;
    const running = loop(1, async () => {
      rounds += 1;
      if (rounds === 1) throw new Error('database away');
    });
    await until(() => rounds >= 3);
    await running.close();
    expect((await metrics.loopFailures.get()).values).toMatchObject([{ value: 1, labels: { loop: 'spec' } }]);
  });

  it('runs at once when nudged, and once more when nudged while it runs', async () => {
    let rounds = 0;
    const running: Loop = loop(3_600_000, async () => {
      rounds += 1;
      if (rounds === 2) running.nudge();
    });
    await until(() => rounds === 1);
    running.nudge();
    await until(() => rounds === 3);
    await running.close();
    expect(rounds).toBe(3);
  });

  it('finishes the round that runs before it is closed, and begins no other', async () => {
    let finished = 0;
    const running = loop(0, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      finished += 1;
    });
    await running.close();
    expect(finished).toBe(1);
  });
});
