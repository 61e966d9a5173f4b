import { issue } from '@isthmus/domain';
import * as z from 'zod';
import { done, failed, type Outcome } from '../outcome.js';
import { allPages, pageInfoSchema } from './all-pages.js';
import { errorFields, errorIssues, mutationErrorSchema, optional } from './answers.js';
import type { Ask } from './graphql-client.js';

const holdSchema = z.object({
  id: z.string(),
  kind: z.string(),
  count: z.number(),
  since: z.string(),
  heldSetHash: z.string(),
  approvedBy: optional(z.string()),
  approvedAt: optional(z.string()),
  clusterName: optional(z.string()),
  globalNamespace: optional(z.object({ name: z.string(), projectName: optional(z.string()) })),
  items: z.array(z.string()),
});

/** Deletions that wait for a person, or whose approval is being carried out. */
export type Hold = z.infer<typeof holdSchema>;

const FIELDS = `id kind count since heldSetHash approvedBy approvedAt clusterName globalNamespace { name projectName } items`;

const LIST = {
  query: `query Holds($after: String) {
    holds(first: 100, after: $after) { nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } }
  }`,
  data: z.object({ holds: z.object({ nodes: z.array(holdSchema), pageInfo: pageInfoSchema }) }),
};

/** Everything that is held, page by page. */
export async function listHolds(ask: Ask): Promise<Outcome<Hold[]>> {
  return allPages(async (after) => {
    const page = await ask(LIST, { after });
    return page.ok ? done(page.value.holds) : page;
  });
}

/** The hold of that id, or the issue that there is none. */
export async function oneHold(ask: Ask, id: string): Promise<Outcome<Hold>> {
  const all = await listHolds(ask);
  if (!all.ok) return all;
  const found = all.value.find((hold) => hold.id === id);
  return found === undefined ? failed(issue('ISM0656', { message: `nothing is held under ${id}` })) : done(found);
}

const APPROVE = {
  query: `mutation Approve($input: ApprovePruneInput!) { approvePrune(input: $input) { ok { ${FIELDS} } error { ${errorFields()} } } }`,
  data: z.object({ approvePrune: z.object({ ok: optional(holdSchema), error: optional(mutationErrorSchema) }) }),
};

/** Approves the very set that was shown. */
export async function approveHold(ask: Ask, { id, heldSetHash }: Hold): Promise<Outcome<Hold>> {
  const answer = await ask(APPROVE, { input: { holdId: id, heldSetHash } });
  if (!answer.ok) return answer;
  const { ok, error } = answer.value.approvePrune;
  if (ok !== undefined) return done(ok);
  if (error?.code === 'CONFLICT') return failed(issue('ISM0657', { message: `${id}: ${error.message}` }));
  if (error?.code === 'NOT_FOUND') return failed(issue('ISM0656', { message: `${id}: ${error.message}` }));
  return failed(
    ...(error === undefined ? [issue('ISM0612', { message: 'neither ok nor error' })] : errorIssues(error)),
  );
}

/** `bookinfo`, or `<project>/<name>` outside the default project. */
export function namespaceOf({ globalNamespace }: Hold): string {
  if (globalNamespace === undefined) return '';
  const { name, projectName = 'default' } = globalNamespace;
  return projectName === 'default' ? name : `${projectName}/${name}`;
}
