import * as z from 'zod';
import { done, type Outcome } from '../outcome.js';
import { allPages, pageInfoSchema } from './all-pages.js';
import type { Ask } from './graphql-client.js';

const serviceSchema = z.object({
  name: z.string(),
  host: z.string(),
  vip: z.string().nullable(),
  ports: z.array(z.object({ number: z.number(), protocol: z.string() })),
  servedMembers: z.number(),
  members: z.object({
    nodes: z.array(
      z.object({ clusterName: z.string(), namespace: z.string(), service: z.string(), state: z.string() }),
    ),
  }),
});

/** A host of a global namespace, with who serves it. */
export type GlobalService = z.infer<typeof serviceSchema> & { globalNamespace: string; project: string };

const NAMES = {
  query: `query Namespaces($after: String, $filter: ResourceFilter) {
    globalNamespaces(first: 100, after: $after, filter: $filter) { nodes { name projectName } pageInfo { hasNextPage endCursor } }
  }`,
  data: z.object({
    globalNamespaces: z.object({
      nodes: z.array(z.object({ name: z.string(), projectName: z.string() })),
      pageInfo: pageInfoSchema,
    }),
  }),
};

const SERVICES = {
  query: `query Services($name: String!, $project: String, $after: String) {
    globalNamespace(name: $name, project: $project) { services(first: 100, after: $after) {
      nodes { name host vip servedMembers ports { number protocol } members(first: 100) { nodes { clusterName namespace service state } } }
      pageInfo { hasNextPage endCursor }
    } }
  }`,
  data: z.object({
    globalNamespace: z
      .object({ services: z.object({ nodes: z.array(serviceSchema), pageInfo: pageInfoSchema }) })
      .nullable(),
  }),
};

const NONE = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

/** Every host of every global namespace of the project, or of all. */
export async function listServices(ask: Ask, project: string | undefined): Promise<Outcome<GlobalService[]>> {
  const filter = project === undefined ? undefined : { project };
  const namespaces = await allPages(async (after) => {
    const page = await ask(NAMES, { after, filter });
    return page.ok ? done(page.value.globalNamespaces) : page;
  });
  if (!namespaces.ok) return namespaces;
  const found: GlobalService[] = [];
  for (const { name, projectName } of namespaces.value) {
    const services = await allPages(async (after) => {
      const page = await ask(SERVICES, { name, project: projectName, after });
      return page.ok ? done(page.value.globalNamespace?.services ?? NONE) : page;
    });
    if (!services.ok) return services;
    found.push(...services.value.map((one) => ({ ...one, globalNamespace: name, project: projectName })));
  }
  return done(found);
}
