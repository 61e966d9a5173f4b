import type { JobContext } from '../job-context.js';

const HOUR_MS = 3_600_000;
/** Finished outbox rows are kept that long, for whoever asks what happened. */
const OUTBOX_MS = HOUR_MS;
/** A released address rests that long before another host may get it. */
const VIP_MS = 7 * 24 * HOUR_MS;

/** Drops finished outbox rows and frees addresses that rested. */
export async function housekeeping({ store }: Pick<JobContext, 'store'>, org: string): Promise<void> {
  await store.withTenant(org, async (tx) => {
    const now = (await tx.now()).getTime();
    await tx.outbox.prune(new Date(now - OUTBOX_MS));
    await tx.vips.free(new Date(now - VIP_MS));
  });
}
