import { z } from 'zod';
import { done, type Outcome } from '../outcome.js';
import { allPages, pageInfoSchema } from './all-pages.js';
import type { Ask } from './graphql-client.js';

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const line = z.object({
  revision: optional(z.number()),
  objectCount: z.number(),
  errorCount: z.number(),
  warningCount: z.number(),
});

const targetSchema = z.object({
  state: z.string(),
  status: z.string(),
  inSync: optional(z.boolean()),
  cluster: optional(z.object({ name: z.string(), mesh: z.object({ kind: z.string() }) })),
  freshness: z.object({ state: z.string(), ageSeconds: optional(z.number()) }),
  wanted: z.object({ revision: optional(z.number()) }),
  applied: optional(line),
});

const gnsSchema = z.object({
  name: z.string(),
  projectName: optional(z.string()),
  targets: z.object({ nodes: z.array(targetSchema) }),
  holds: z
    .array(
      z.object({
        kind: z.string(),
        count: z.number(),
        approvedAt: optional(z.string()),
        cluster: optional(z.object({ name: z.string() })),
      }),
    )
    .default([]),
});

/** A global namespace with what is wanted of its clusters and what they hold. */
export type GnsTargets = z.infer<typeof gnsSchema>;

const QUERY = {
  query: `query Status($after: String) {
    globalNamespaces(first: 50, after: $after) {
      nodes { name projectName targets(first: 100) { nodes {
        state status inSync cluster { name mesh { kind } } freshness { state ageSeconds } wanted { revision }
        applied { revision objectCount errorCount warningCount }
      } } holds { kind count approvedAt cluster { name } } }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  data: z.object({
    globalNamespaces: z.object({
      nodes: z.array(gnsSchema),
      pageInfo: pageInfoSchema,
    }),
  }),
};

/** Every global namespace with its targets, page by page. */
export async function readTargets(ask: Ask): Promise<Outcome<GnsTargets[]>> {
  return allPages(async (after) => {
    const page = await ask(QUERY, { after });
    return page.ok ? done(page.value.globalNamespaces) : page;
  });
}
