import * as z from 'zod';
import { done, type Outcome } from '../outcome.js';

/** The schema of where a page stands; selected as `pageInfo { hasNextPage endCursor }`. */
export const pageInfoSchema = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

interface Page<T> {
  nodes: T[];
  pageInfo: z.infer<typeof pageInfoSchema>;
}

/** The items of all pages. `read` gets the cursor of the item before the page, null for the first one. */
export async function allPages<T>(read: (after: string | null) => Promise<Outcome<Page<T>>>): Promise<Outcome<T[]>> {
  const found: T[] = [];
  let after: string | null = null;
  do {
    const page: Outcome<Page<T>> = await read(after);
    if (!page.ok) return page;
    found.push(...page.value.nodes);
    after = page.value.pageInfo.hasNextPage ? page.value.pageInfo.endCursor : null;
  } while (after !== null);
  return done(found);
}
