import * as z from 'zod';
import { done, type Outcome } from '../outcome.js';
import { OBJECTIVE_FIELDS, objectiveSchema, type Objective } from '../output/slo-table.js';
import { allPages, pageInfoSchema } from './all-pages.js';
import type { Ask } from './graphql-client.js';

const LIST = {
  query: `query SloReports($after: String) {
    sloReports(first: 100, after: $after) { nodes { ${OBJECTIVE_FIELDS} } pageInfo { hasNextPage endCursor } }
  }`,
  data: z.object({ sloReports: z.object({ nodes: z.array(objectiveSchema), pageInfo: pageInfoSchema }) }),
};

/** Every objective of every global namespace that the caller may read, the least that is left of an error budget first. */
export async function listObjectives(ask: Ask): Promise<Outcome<Objective[]>> {
  return allPages(async (after) => {
    const page = await ask(LIST, { after });
    return page.ok ? done(page.value.sloReports) : page;
  });
}
