import type { Clock, Logger } from '@isthmus/platform';
import type { Queue } from '@isthmus/queue';
import type { Store } from '@isthmus/store';
import type { Compiler } from '../compile/compile.js';
import type { Signer } from '../signer/signer.js';
import type { WorkerMetrics } from '../metrics.js';

/** What jobs and loops of the worker work with. */
export interface JobContext {
  store: Store;
  queue: Queue;
  compiler: Compiler;
  signer: Signer;
  clock: Clock;
  log: Logger;
  metrics: WorkerMetrics;
}
