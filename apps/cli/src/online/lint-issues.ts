import { ISSUE_AREAS, type Issue } from '@isthmus/domain';
import * as z from 'zod';
import { done, type Outcome } from '../outcome.js';
import { allPages, pageInfoSchema } from './all-pages.js';
import { ISSUE_FIELDS, issueSchema } from './answers.js';
import type { Ask } from './graphql-client.js';

/** Every number of the area: what a newer server says beside them is not asked for. */
const CODES = ISSUE_AREAS.filter(({ first }) => first === 800).flatMap(({ codes }) => Object.keys(codes));

const LIST = {
  query: `query Lint($filter: IssueFilter, $after: String) {
    issues(first: 100, after: $after, filter: $filter) { nodes { ${ISSUE_FIELDS} } pageInfo { hasNextPage endCursor } }
  }`,
  data: z.object({ issues: z.object({ nodes: z.array(issueSchema), pageInfo: pageInfoSchema }) }),
};

/** What users configured in the meshes, as the server judged it last; of one cluster, or of all. */
export async function lintIssues(ask: Ask, cluster: string | undefined): Promise<Outcome<Issue[]>> {
  const filter = { codes: CODES, ...(cluster === undefined ? {} : { cluster }) };
  return allPages(async (after) => {
    const page = await ask(LIST, { filter, after });
    return page.ok ? done(page.value.issues) : page;
  });
}
