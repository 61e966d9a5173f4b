import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { defineJob, type JobDefinition, type Queue } from './index.js';

/** What every backend keeps. Each case gets a queue of its own. */
export function queueContract(open: () => Promise<Queue>): void {
  const queues: Queue[] = [];
  const fresh = async () => {
    const queue = await open();
    queues.push(queue);
    return queue;
  };
  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
  });
  let count = 0;
  const jobOf = () => {
    count += 1;
    return defineJob(`contract-${count}`, ['gns']);
  };

  it('refuses a payload that lacks an id, has another one, or holds something else than text', async () => {
    const queue = await fresh();
    const job: JobDefinition = jobOf();
    await expect(queue.enqueue(job, {})).rejects.toThrow('gns must be a string');
    await expect(queue.enqueue(job, { gns: '' })).rejects.toThrow('gns must be a string');
    await expect(queue.enqueue(job, { gns: 'a', body: 'b' })).rejects.toThrow('unknown id "body"');
    await expect(queue.enqueue(job, { gns: 1 as unknown as string })).rejects.toThrow('gns must be a string');
    expect(await queue.counts(job)).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
  });

  it('hands each job to a handler once, also those enqueued before there was one', async () => {
    const queue = await fresh();
    const job = jobOf();
    const seen: string[] = [];
    await queue.enqueue(job, { gns: 'before' });
    await queue.process(job, async ({ gns }) => void seen.push(gns));
    await queue.enqueue(job, { gns: 'after' });
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['before', 'after']);
  });

  it('folds what waits under the same id, and runs it again when it was enqueued while running', async () => {
    const queue = await fresh();
    const job = jobOf();
    const seen: string[] = [];
    for (let index = 0; index < 5; index += 1) await queue.enqueue(job, { gns: 'g' }, { jobId: 'g:1' });
    expect((await queue.counts(job)).waiting).toBe(1);
    const gate = gateOf();
    const processing = await queue.process(
      job,
      async ({ gns }) => {
        seen.push(gns);
        if (seen.length === 1) await gate.promise;
      },
      { concurrency: 5 },
    );
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(1);
    for (let index = 0; index < 5; index += 1) await queue.enqueue(job, { gns: 'g' }, { jobId: 'g:1' });
    await sleep(300);
    expect(seen).toHaveLength(1);
    gate.resolve();
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(2);
    await sleep(300);
    expect(seen).toHaveLength(2);
    await queue.enqueue(job, { gns: 'g' }, { jobId: 'g:1' });
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(3);
    await processing.close();
  });

  it('waits as long as it was told to, and not much longer', async () => {
    const queue = await fresh();
    const job = jobOf();
    const startedAt = performance.now();
    let ranAt = 0;
    await queue.process(job, async () => void (ranAt = performance.now() - startedAt));
    await queue.enqueue(job, { gns: 'late' }, { delayMs: 399.5 });
    await expect.poll(() => ranAt, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(ranAt).toBeGreaterThanOrEqual(395);
    expect(ranAt).toBeLessThan(5_000);
  });

  it('tries a handler that throws again, and counts the attempts', async () => {
    const queue = await fresh();
    const job = jobOf();
    const attempts: number[] = [];
    await queue.process(job, async (_ids, { attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error('not yet');
    });
    await queue.enqueue(job, { gns: 'flaky' });
    await expect.poll(() => attempts, { timeout: 15_000 }).toEqual([1, 2, 3]);
  });

  it('runs no more at once than it was told to', async () => {
    const queue = await fresh();
    const job = jobOf();
    let running = 0;
    let most = 0;
    let done = 0;
    await queue.process(
      job,
      async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(50);
        running -= 1;
        done += 1;
      },
      { concurrency: 3 },
    );
    await Promise.all(Array.from({ length: 9 }, (_, index) => queue.enqueue(job, { gns: String(index) })));
    await expect.poll(() => done, { timeout: 15_000 }).toBe(9);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('forgets everything when flushed, ids included, and works on afterwards', async () => {
    const queue = await fresh();
    const job = jobOf();
    await queue.enqueue(job, { gns: 'lost' }, { jobId: 'same' });
    await queue.enqueue(job, { gns: 'late' }, { delayMs: 60_000 });
    await queue.flush([job]);
    expect(await queue.counts(job)).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
    await queue.enqueue(job, { gns: 'kept' }, { jobId: 'same' });
    const seen: string[] = [];
    await queue.process(job, async ({ gns }) => void seen.push(gns));
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['kept']);
  });

  it('finishes what runs before it closes', async () => {
    const queue = await fresh();
    const job = jobOf();
    const states: string[] = [];
    const processing = await queue.process(job, async () => {
      states.push('started');
      await sleep(300);
      states.push('ended');
    });
    await queue.enqueue(job, { gns: 'g' });
    await expect.poll(() => states, { timeout: 10_000 }).toEqual(['started']);
    await processing.close();
    expect(states).toEqual(['started', 'ended']);
  });
}

function gateOf() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((open) => (resolve = open));
  return { promise, resolve };
}
