import { issue, type ResourceKind } from '@isthmus/domain';
import * as z from 'zod';
import { done, failed, type Outcome } from '../outcome.js';
import { allPages, pageInfoSchema } from './all-pages.js';
import { APPLY_RESULT, applyResultSchema, errorIssues, RESOURCE_FIELDS, resourceSchema } from './answers.js';
import type { Applied, RemoteResource } from './answers.js';
import type { LabelExpression } from './label-selector.js';
import type { Ask } from './graphql-client.js';

const PAGE = 100;

/** Which resources are listed. */
export interface ResourceQuery {
  kind: ResourceKind;
  project?: string;
  names?: string[];
  labelExpressions?: LabelExpression[];
}

const LIST = {
  query: `query Resources($kinds: [ResourceKind!], $filter: ResourceFilter, $first: Int!, $after: String) {
    resources(kinds: $kinds, filter: $filter, first: $first, after: $after) {
      nodes { ${RESOURCE_FIELDS} } pageInfo { hasNextPage endCursor }
    }
  }`,
  data: z.object({
    resources: z.object({
      nodes: z.array(resourceSchema),
      pageInfo: pageInfoSchema,
    }),
  }),
};

/** All resources that fit, page by page. */
export async function listResources(ask: Ask, { kind, ...filter }: ResourceQuery): Promise<Outcome<RemoteResource[]>> {
  return allPages(async (after) => {
    const page = await ask(LIST, { kinds: [kind], filter, first: PAGE, after });
    return page.ok ? done(page.value.resources) : page;
  });
}

/** What names one resource. */
export interface ResourceName {
  kind: ResourceKind;
  name: string;
  project?: string;
}

const ONE = {
  query: `query OneResource($kind: ResourceKind!, $name: String!, $project: String) {
    resource(kind: $kind, name: $name, project: $project) { ${RESOURCE_FIELDS} }
  }`,
  data: z.object({ resource: resourceSchema.nullable() }),
};

/** One resource, or the issue that there is none. */
export async function oneResource(ask: Ask, wanted: ResourceName): Promise<Outcome<RemoteResource>> {
  const answer = await ask(ONE, wanted);
  if (!answer.ok) return answer;
  const { resource } = answer.value;
  if (resource !== null) return done(resource);
  const place = wanted.project === undefined ? '' : ` in project ${wanted.project}`;
  return failed(issue('ISM0615', { message: `there is no ${wanted.kind} ${wanted.name}${place}` }));
}

/** What shall be there. */
export interface ApplyInput {
  files: { path: string; text: string }[];
  dryRun: boolean;
  /** Only if none of it is there yet. */
  mustNotExist?: boolean;
  prune?: { labels: { name: string; value: string }[] };
}

const APPLY = {
  query: `mutation Apply($input: ApplyResourcesInput!) { applyResources(input: $input) { ${APPLY_RESULT} } }`,
  data: z.object({ applyResources: applyResultSchema }),
};

const DELETE = {
  query: `mutation Delete($input: DeleteResourceInput!) { deleteResource(input: $input) { ${APPLY_RESULT} } }`,
  data: z.object({ deleteResource: applyResultSchema }),
};

/** Applies documents, all or none. */
export async function applyResources(ask: Ask, input: ApplyInput): Promise<Outcome<Applied>> {
  const answer = await ask(APPLY, { input });
  return answer.ok ? resultOf(answer.value.applyResources) : answer;
}

/** Deletes one resource. */
export async function deleteResource(ask: Ask, input: ResourceName & { dryRun: boolean }): Promise<Outcome<Applied>> {
  const answer = await ask(DELETE, { input });
  return answer.ok ? resultOf(answer.value.deleteResource) : answer;
}

function resultOf({ ok, error }: z.infer<typeof applyResultSchema>): Outcome<Applied> {
  if (ok !== undefined) return done(ok);
  return failed(
    ...(error === undefined ? [issue('ISM0612', { message: 'neither ok nor error' })] : errorIssues(error)),
  );
}
