import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createQueue, defineJob, type QueueOptions } from './index.js';

const program = fileURLToPath(new URL('./killed-worker.fixture.mjs', import.meta.url));

/** A process takes a job and is killed with SIGKILL; another one must get that job. */
export function killedWorker(options: () => QueueOptions): void {
  it('gives the job of a killed worker to another one within about five seconds', async () => {
    const queue = await createQueue(options());
    const job = defineJob('killed', ['gns']);
    await queue.enqueue(job, { gns: 'survivor' }, { jobId: 'survivor' });
    await takeAndDie(options());
    const killedAt = performance.now();
    let ranAfter = 0;
    await queue.process(job, async () => void (ranAfter = performance.now() - killedAt));
    await expect.poll(() => ranAfter, { timeout: 20_000, interval: 50 }).toBeGreaterThan(0);
    expect(ranAfter).toBeLessThan(8_000);
    await queue.close();
  });
}

function takeAndDie(options: QueueOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.once('error', reject);
    child.stdout.once('data', () => child.kill('SIGKILL'));
    child.once('exit', () => resolve());
  });
}
