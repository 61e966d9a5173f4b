import * as z from 'zod';
import { done, type Outcome } from '../outcome.js';
import { allPages, pageInfoSchema } from './all-pages.js';
import { optional } from './answers.js';
import type { Ask } from './graphql-client.js';

const line = z.object({
  revision: optional(z.number()),
  objectCount: z.number(),
  errorCount: z.number(),
  warningCount: z.number(),
});

/** Stands for the cluster of a target whose record is gone, though it never said that nothing is left there. */
export const NO_CLUSTER = '(deleted)';

const targetSchema = z.object({
  state: z.string(),
  status: z.string(),
  inSync: optional(z.boolean()),
  clusterName: optional(z.string()),
  cluster: optional(z.object({ name: z.string(), mesh: z.object({ kind: z.string() }) })),
  freshness: z.object({ state: z.string(), ageSeconds: optional(z.number()) }),
  wanted: z.object({ revision: optional(z.number()) }),
  applied: optional(line),
});

const gnsSchema = z.object({
  name: z.string(),
  projectName: optional(z.string()),
  targets: z.object({ nodes: z.array(targetSchema), pageInfo: pageInfoSchema }),
  holds: z
    .array(
      z.object({
        kind: z.string(),
        count: z.number(),
        approvedAt: optional(z.string()),
        clusterName: optional(z.string()),
      }),
    )
    .default([]),
});

/** A global namespace with what is wanted of its clusters and what they hold. */
export type GnsTargets = Omit<z.infer<typeof gnsSchema>, 'targets'> & {
  targets: { nodes: z.infer<typeof targetSchema>[] };
};

const TARGETS = `nodes {
        state status inSync clusterName cluster { name mesh { kind } } freshness { state ageSeconds } wanted { revision }
        applied { revision objectCount errorCount warningCount }
      } pageInfo { hasNextPage endCursor }`;

const QUERY = {
  query: `query Status($after: String) {
    globalNamespaces(first: 50, after: $after) {
      nodes { name projectName targets(first: 100) { ${TARGETS} } holds { kind count approvedAt clusterName } }
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

const MORE = {
  query: `query MoreTargets($name: String!, $project: String, $after: String) {
    globalNamespace(name: $name, project: $project) { targets(first: 100, after: $after) { ${TARGETS} } }
  }`,
  data: z.object({ globalNamespace: gnsSchema.pick({ targets: true }).nullable() }),
};

const NONE = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

/** The global namespace with all of its targets, those beyond the first page too. */
async function complete(ask: Ask, gns: z.infer<typeof gnsSchema>): Promise<Outcome<GnsTargets>> {
  const { name, projectName, targets, ...rest } = gns;
  const all = await allPages(async (after) => {
    if (after === null) return done(targets);
    const page = await ask(MORE, { name, project: projectName, after });
    return page.ok ? done(page.value.globalNamespace?.targets ?? NONE) : page;
  });
  return all.ok ? done({ ...rest, name, projectName, targets: { nodes: all.value } }) : all;
}

/** Every global namespace with its targets, page by page. */
export async function readTargets(ask: Ask): Promise<Outcome<GnsTargets[]>> {
  const namespaces = await allPages(async (after) => {
    const page = await ask(QUERY, { after });
    return page.ok ? done(page.value.globalNamespaces) : page;
  });
  if (!namespaces.ok) return namespaces;
  const found: GnsTargets[] = [];
  for (const gns of namespaces.value) {
    const one = await complete(ask, gns);
    if (!one.ok) return one;
    found.push(one.value);
  }
  return done(found);
}
