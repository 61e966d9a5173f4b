import { type JobDefinition, parseIds } from './job.js';
import { ATTEMPTS, FIRST_PAUSE_MS, type JobCounts, type Processor, type Queue } from './queue.js';

interface Entry {
  ids: Record<string, string>;
  jobId: string | undefined;
  attempt: number;
}

interface Lane {
  waiting: Entry[];
  active: Set<Entry>;
  delayed: Map<Entry, NodeJS.Timeout>;
  followers: Map<string, Entry>;
  failed: number;
  run: ((entry: Entry) => Promise<void>) | undefined;
  concurrency: number;
}

/** The queue without a server, for specs and simulations: same contract, one process. */
export function createMemoryQueue(): Queue {
  const lanes = new Map<string, Lane>();
  const laneOf = (job: JobDefinition): Lane => {
    const known = lanes.get(job.name) ?? emptyLane();
    lanes.set(job.name, known);
    return known;
  };
  return {
    enqueue: async (job, ids, options) => {
      const entry = { ids: { ...parseIds(job, ids) }, jobId: options?.jobId, attempt: 1 };
      admit(laneOf(job), entry, options?.delayMs ?? 0);
    },
    process: async (job, handler, options) => {
      const lane = laneOf(job);
      lane.run = (entry) => handler(parseIds(job, entry.ids), { attempt: entry.attempt });
      lane.concurrency = options?.concurrency ?? 1;
      pump(lane);
      return { close: () => closeLane(lane) } satisfies Processor;
    },
    counts: async (job) => countsOf(laneOf(job)),
    flush: async (jobs) => jobs.forEach((job) => empty(laneOf(job))),
    close: async () => {
      await Promise.all([...lanes.values()].map(closeLane));
      lanes.forEach(empty);
    },
  };
}

function emptyLane(): Lane {
  return {
    waiting: [],
    active: new Set(),
    delayed: new Map(),
    followers: new Map(),
    failed: 0,
    run: undefined,
    concurrency: 1,
  };
}

function empty(lane: Lane): void {
  lane.delayed.forEach((timer) => clearTimeout(timer));
  Object.assign(lane, { ...emptyLane(), run: lane.run, concurrency: lane.concurrency });
}

function admit(lane: Lane, entry: Entry, delayMs: number): void {
  const { jobId } = entry;
  if (jobId !== undefined) {
    if ([...lane.waiting, ...lane.delayed.keys()].some((other) => other.jobId === jobId)) return;
    if ([...lane.active].some((other) => other.jobId === jobId)) {
      lane.followers.set(jobId, entry);
      return;
    }
  }
  if (delayMs > 0) return delay(lane, entry, delayMs);
  lane.waiting.push(entry);
  pump(lane);
}

function delay(lane: Lane, entry: Entry, delayMs: number): void {
  const ripen = () => {
    if (!lane.delayed.delete(entry)) return;
    lane.waiting.push(entry);
    pump(lane);
  };
  lane.delayed.set(entry, setTimeout(ripen, delayMs));
}

function pump(lane: Lane): void {
  while (lane.run !== undefined && lane.active.size < lane.concurrency) {
    const entry = lane.waiting.shift();
    if (entry === undefined) return;
    lane.active.add(entry);
    void attempt(lane, entry, lane.run);
  }
}

async function attempt(lane: Lane, entry: Entry, run: (entry: Entry) => Promise<void>): Promise<void> {
  const failed = await Promise.resolve()
    .then(() => run(entry))
    .then(
      () => false,
      () => true,
    );
  if (!lane.active.delete(entry)) return;
  if (failed && entry.attempt < ATTEMPTS) {
    delay(lane, { ...entry, attempt: entry.attempt + 1 }, FIRST_PAUSE_MS * 2 ** (entry.attempt - 1));
  } else {
    lane.failed += failed ? 1 : 0;
    follow(lane, entry.jobId);
  }
  pump(lane);
}

function follow(lane: Lane, jobId: string | undefined): void {
  const follower = jobId === undefined ? undefined : lane.followers.get(jobId);
  if (jobId === undefined || follower === undefined) return;
  lane.followers.delete(jobId);
  lane.waiting.push(follower);
}

async function closeLane(lane: Lane): Promise<void> {
  lane.run = undefined;
  while (lane.active.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

function countsOf(lane: Lane): JobCounts {
  return { waiting: lane.waiting.length, active: lane.active.size, delayed: lane.delayed.size, failed: lane.failed };
}
