import { issue } from '@isthmus/domain';
import * as z from 'zod';
import { allPages, pageInfoSchema } from '../online/all-pages.js';
import type { Ask } from '../online/graphql-client.js';
import { NO_CLUSTER } from '../online/targets.js';
import { done, failed, type Outcome } from '../outcome.js';
import { LISTED, listedSchema, type ListedChange } from './server-source.js';

/** Which changes of a global namespace: those of a revision (the newest), or in what a cluster holds, or still lacks. */
export interface ChangesQuery {
  name: string;
  project: string;
  revision: number | undefined;
  cluster: string | undefined;
  pending: boolean;
}

/** Changes, newest first, and whom they have reached. */
export interface GnsChanges {
  /** Undefined for a cluster’s. */
  revision?: number | undefined;
  holders: { cluster: string; revision: number; appliedAt: string }[];
  changes: ListedChange[];
}

const PAGE = 'pageInfo { hasNextPage endCursor }';
const recordsSchema = z.object({ nodes: z.array(listedSchema), pageInfo: pageInfoSchema }).nullable();

const REVISION = {
  query: `query RevisionChanges($name: String!, $project: String, $number: Int, $after: String) {
    auditLog(first: 1) { nodes { id } }
    globalNamespace(name: $name, project: $project) { revision(number: $number) {
      number holders { revision appliedAt target { clusterName } }
      auditRecords(first: 100, after: $after) { nodes { ${LISTED} } ${PAGE} }
    } }
  }`,
  data: z.object({
    globalNamespace: z
      .object({
        revision: z
          .object({
            number: z.number(),
            holders: z.array(
              z.object({
                revision: z.number(),
                appliedAt: z.string(),
                target: z.object({ clusterName: z.string().nullable() }),
              }),
            ),
            auditRecords: recordsSchema,
          })
          .nullable(),
      })
      .nullable(),
  }),
};

const TARGETS = {
  query: `query TargetsOf($name: String!, $project: String, $after: String) {
    globalNamespace(name: $name, project: $project) { targets(first: 100, after: $after) { nodes { id clusterName } ${PAGE} } }
  }`,
  data: z.object({
    globalNamespace: z
      .object({
        targets: z.object({
          nodes: z.array(z.object({ id: z.string(), clusterName: z.string().nullable() })),
          pageInfo: pageInfoSchema,
        }),
      })
      .nullable(),
  }),
};

const TARGET = {
  query: `query TargetChanges($id: ID!, $after: String, $pending: Boolean!) {
    auditLog(first: 1) { nodes { id } }
    node(id: $id) { ... on Target {
      auditRecords(first: 100, after: $after) @skip(if: $pending) { nodes { ${LISTED} } ${PAGE} }
      pendingAuditRecords(first: 100, after: $after) @include(if: $pending) { nodes { ${LISTED} } ${PAGE} }
    } }
  }`,
  data: z.object({
    node: z
      .object({ auditRecords: recordsSchema.optional(), pendingAuditRecords: recordsSchema.optional() })
      .nullable(),
  }),
};

const absent = (message: string) => failed(issue('ISM0615', { message }));

/** The changes that the query names; an issue if there is no such thing. */
export function gnsChanges(ask: Ask, query: ChangesQuery): Promise<Outcome<GnsChanges>> {
  return query.cluster === undefined ? ofRevision(ask, query) : ofCluster(ask, query, query.cluster);
}

async function ofRevision(ask: Ask, { name, project, revision: number }: ChangesQuery): Promise<Outcome<GnsChanges>> {
  let head: Omit<GnsChanges, 'changes'> = { holders: [] };
  const changes = await allPages<ListedChange>(async (after) => {
    const page = await ask(REVISION, { name, project, number: number ?? head.revision, after });
    if (!page.ok) return page;
    const { globalNamespace: gns } = page.value;
    if (gns === null) return absent(`there is no GlobalNamespace ${name} in project ${project}`);
    const { revision } = gns;
    if (revision === null) return absent(`${name} has no revision${number === undefined ? ' yet' : ` ${number}`}`);
    head = { revision: revision.number, holders: revision.holders.map(holderOf) };
    return done(revision.auditRecords ?? NOTHING);
  });
  return changes.ok ? done({ ...head, changes: changes.value }) : changes;
}

const NOTHING = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

function holderOf({
  revision,
  appliedAt,
  target,
}: {
  revision: number;
  appliedAt: string;
  target: { clusterName: string | null };
}): GnsChanges['holders'][number] {
  return { cluster: target.clusterName ?? NO_CLUSTER, revision, appliedAt };
}

async function ofCluster(
  ask: Ask,
  { name, project, pending }: ChangesQuery,
  cluster: string,
): Promise<Outcome<GnsChanges>> {
  const targets = await allPages(async (after) => {
    const page = await ask(TARGETS, { name, project, after });
    if (!page.ok) return page;
    const { globalNamespace: gns } = page.value;
    return gns === null ? absent(`there is no GlobalNamespace ${name} in project ${project}`) : done(gns.targets);
  });
  if (!targets.ok) return targets;
  const id = targets.value.find((target) => target.clusterName === cluster)?.id;
  if (id === undefined) return absent(`${cluster} takes no part in ${name}`);
  const changes = await allPages<ListedChange>(async (after) => {
    const page = await ask(TARGET, { id, after, pending });
    if (!page.ok) return page;
    const records = page.value.node?.[pending ? 'pendingAuditRecords' : 'auditRecords'];
    return records ? done(records) : absent(`it is not known what ${cluster} holds of ${name}`);
  });
  return changes.ok ? done({ holders: [], changes: changes.value }) : changes;
}
