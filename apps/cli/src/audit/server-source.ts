import type { AuditRow } from '@isthmus/domain';
import * as z from 'zod';
import { done, type Outcome } from '../outcome.js';
import { allPages, pageInfoSchema } from '../online/all-pages.js';
import type { Ask } from '../online/graphql-client.js';
import { auditRowSchema, auditSealSchema, type AuditBatch, type AuditSource } from './audit-source.js';

const PAGE = 'pageInfo { hasNextPage endCursor }';
const ROW = 'id at actor action subjectKind subjectId project: projectName name before after requestId tokenId ip';

const HEAD = {
  query: '{ auditSealKeys viewer { organization { name } } }',
  data: z.object({
    auditSealKeys: z.array(z.string()),
    viewer: z.object({ organization: z.object({ name: z.string() }) }),
  }),
};

const SEALS = {
  query: `query AuditSeals($after: String) {
    auditSeals(first: 100, after: $after) { nodes { seq rows rowsHash previous sealedAt hash signature } ${PAGE} }
  }`,
  data: z.object({ auditSeals: z.object({ nodes: z.array(auditSealSchema), pageInfo: pageInfoSchema }) }),
};

export const listedSchema = auditRowSchema.extend({ seal: z.int().nullable() });

/** What is asked of a listed change. */
export const LISTED = `${ROW} seal`;

/** A change with the number of its seal. */
export type ListedChange = z.infer<typeof listedSchema>;

const ROWS = {
  query: `query AuditLog($filter: AuditFilter, $first: Int, $after: String) {
    auditLog(first: $first, after: $after, filter: $filter) { nodes { ${LISTED} } ${PAGE} }
  }`,
  data: z.object({ auditLog: z.object({ nodes: z.array(listedSchema), pageInfo: pageInfoSchema }) }),
};

/** Which changes to list; what is given is ANDed. Times are ISO 8601. */
export interface AuditFilter {
  actor?: string;
  action?: string;
  subjectKind?: string;
  subjectId?: string;
  from?: string;
  to?: string;
}

const MAX_PAGE = 100;

/** The newest changes, at most that many. */
export async function newestChanges(ask: Ask, filter: AuditFilter, count: number): Promise<Outcome<ListedChange[]>> {
  const found: ListedChange[] = [];
  let after: string | null = null;
  do {
    const first = Math.min(MAX_PAGE, count - found.length);
    const page: Outcome<z.infer<typeof ROWS.data>> = await ask(ROWS, { filter, first, after });
    if (!page.ok) return page;
    const { nodes, pageInfo }: z.infer<typeof ROWS.data>['auditLog'] = page.value.auditLog;
    found.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null && found.length < count);
  return done(found);
}

/** The whole log of the server's organization. */
export async function serverSource(ask: Ask): Promise<Outcome<AuditSource>> {
  const head = await ask(HEAD);
  if (!head.ok) return head;
  const { auditSealKeys: keys, viewer } = head.value;
  return done({ org: viewer.organization.name, keys, batches: batches(ask) });
}

async function* batches(ask: Ask): AsyncGenerator<Outcome<AuditBatch>> {
  let after: string | null = null;
  do {
    const page: Outcome<z.infer<typeof SEALS.data>> = await ask(SEALS, { after });
    if (!page.ok) {
      yield page;
      return;
    }
    const { nodes, pageInfo }: z.infer<typeof SEALS.data>['auditSeals'] = page.value.auditSeals;
    for (const seal of nodes) {
      const rows = await rowsOf(ask, { seal: seal.seq });
      yield rows.ok ? done({ seal, rows: rows.value }) : rows;
      if (!rows.ok) return;
    }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  const rest = await rowsOf(ask, { sealed: false });
  yield rest.ok ? done({ rows: rest.value }) : rest;
}

async function rowsOf(ask: Ask, filter: object): Promise<Outcome<AuditRow[]>> {
  const found = await allPages(async (after) => {
    const page = await ask(ROWS, { filter, first: MAX_PAGE, after });
    return page.ok ? done(page.value.auditLog) : page;
  });
  return found.ok ? done(found.value.map(({ seal: _seal, ...row }) => row).reverse()) : found;
}
