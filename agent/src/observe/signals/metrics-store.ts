import type { VectorRow } from '@isthmus/meshes';

/** Codes under which a store that gives no answer is reported. */
export type StoreFault = 'ISM0700' | 'ISM0701' | 'ISM0702';

/** What a store answered. A fault is never an empty answer: nobody measured is not nobody called. */
export type StoreAnswer = { ok: true; rows: readonly VectorRow[] } | { ok: false; code: StoreFault; reason: string };

/** A store of metrics that speaks PromQL. */
export interface MetricsStore {
  /** An instant query at a moment in Unix seconds. */
  query(text: string, time: number): Promise<StoreAnswer>;
}
