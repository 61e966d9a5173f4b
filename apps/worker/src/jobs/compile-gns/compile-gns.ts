import type { JobHandler } from '@isthmus/queue';
import { workOff } from '../compile-work.js';
import type { COMPILE_GNS } from '../definitions.js';
import type { JobContext } from '../job-context.js';

/** Policy and catalog from one snapshot; a compile of both also does what a catalog compile would. */
export function compileGns(context: JobContext): JobHandler<typeof COMPILE_GNS> {
  const work = { job: 'compile-gns', topics: ['gns.compile', 'gns.catalog'], scope: 'ALL' } as const;
  return ({ org, gns }) => workOff(context, { org, gns }, work);
}
