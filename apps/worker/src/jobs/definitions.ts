import { defineJob } from '@isthmus/queue';

/** Compiles policy tree and catalog of one global namespace. */
export const COMPILE_GNS = defineJob('compile-gns', ['org', 'gns']);

/** Compiles the catalog of one global namespace under the specs in force, and moves its members. */
export const COMPILE_CATALOG = defineJob('compile-catalog', ['org', 'gns']);

/** Every job of this worker: what a flush drops, and what the outbox brings back. */
export const JOBS = [COMPILE_GNS, COMPILE_CATALOG] as const;
