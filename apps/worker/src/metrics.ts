import { Counter, Histogram, type Registry } from '@isthmus/platform';

/** Figures of the worker; labels are bounded by the kinds of jobs and outcomes. */
export interface WorkerMetrics {
  compiles: Counter<'job' | 'outcome'>;
  compileSeconds: Histogram<'job'>;
  outboxRows: Counter<'topic'>;
  loopFailures: Counter<'loop'>;
}

/** Registers the worker's metrics. */
export function workerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry];
  return {
    compiles: new Counter({
      name: 'isthmus_compiles_total',
      help: 'Compiles by job and outcome',
      labelNames: ['job', 'outcome'],
      registers,
    }),
    compileSeconds: new Histogram({
      name: 'isthmus_compile_seconds',
      help: 'Time from claim to commit of a compile',
      labelNames: ['job'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    outboxRows: new Counter({
      name: 'isthmus_outbox_rows_total',
      help: 'Outbox rows that were expanded into work',
      labelNames: ['topic'],
      registers,
    }),
    loopFailures: new Counter({
      name: 'isthmus_loop_failures_total',
      help: 'Rounds of a background loop that failed and are repeated',
      labelNames: ['loop'],
      registers,
    }),
  };
}
