import type { Issue } from '@isthmus/domain';
import * as z from 'zod';
import { done, type Outcome } from '../outcome.js';
import { ISSUE_FIELDS, issueSchema } from './answers.js';
import type { Ask } from './graphql-client.js';
import type { ResourceName } from './resources.js';

/** Clusters and global namespaces know theirs, also those that an agent reported without naming a resource. */
const OWN = {
  query: `query OwnIssues($kind: ResourceKind!, $name: String!, $project: String) {
    resource(kind: $kind, name: $name, project: $project) {
      ... on Cluster { issues { ${ISSUE_FIELDS} } }
      ... on GlobalNamespace { issues { ${ISSUE_FIELDS} } }
    }
  }`,
  data: z.object({ resource: z.object({ issues: z.array(issueSchema).default([]) }).nullable() }),
};

const ABOUT = {
  query: `query IssuesAbout($filter: IssueFilter) { issues(first: 50, filter: $filter) { nodes { ${ISSUE_FIELDS} } } }`,
  data: z.object({ issues: z.object({ nodes: z.array(issueSchema) }) }),
};

/** What compiles and agents found about a resource. */
export async function issuesOf(ask: Ask, { kind, name, project }: ResourceName): Promise<Outcome<Issue[]>> {
  if (kind === 'Cluster' || kind === 'GlobalNamespace') {
    const answer = await ask(OWN, { kind, name, project });
    return answer.ok ? done(answer.value.resource?.issues ?? []) : answer;
  }
  const answer = await ask(ABOUT, { filter: { kind, name } });
  return answer.ok ? done(answer.value.issues.nodes) : answer;
}
