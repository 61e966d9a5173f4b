import type { JobHandler } from '@isthmus/queue';
import { workOff } from '../compile-work.js';
import type { COMPILE_CATALOG } from '../definitions.js';
import type { JobContext } from '../job-context.js';

/** The catalog alone: inventory moved, an agent acknowledged, or a member's time has come. */
export function compileCatalogJob(context: JobContext): JobHandler<typeof COMPILE_CATALOG> {
  const work = { job: 'compile-catalog', topics: ['gns.catalog'], scope: 'CATALOG' } as const;
  return ({ org, gns }) => workOff(context, { org, gns }, work);
}
