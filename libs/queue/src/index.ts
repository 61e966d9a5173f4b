export { createQueue } from './create-queue.js';
export type { QueueOptions } from './create-queue.js';
export { BadPayloadError, defineJob, parseIds } from './job.js';
export type { IdsOf, JobDefinition } from './job.js';
export { createMemoryQueue } from './memory-queue.js';
export type { EnqueueOptions, JobContext, JobCounts, JobHandler, ProcessOptions, Processor, Queue } from './queue.js';
