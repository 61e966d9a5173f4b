import { performance } from 'node:perf_hooks';

/** Runs `work` `times` times after one warm-up and returns the durations in milliseconds. */
export function timeEach(times: number, work: (round: number) => void): number[] {
  work(-1);
  return Array.from({ length: times }, (_, round) => {
    const start = performance.now();
    work(round);
    return performance.now() - start;
  });
}
