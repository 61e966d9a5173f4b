import type { Issue as IssueModel } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { pageArgs, pageByPlace } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { IssueConnection, Severity } from './issue.type.js';

const IssueFilter = builder.inputType('IssueFilter', {
  description: 'Which issues to list; what is given is ANDed.',
  fields: (t) => ({
    severities: t.field({ type: [Severity], description: 'Only of these severities.' }),
    codes: t.stringList({ description: 'Only of these codes.' }),
    cluster: t.string({ description: 'Only of the cluster with this name.' }),
    kind: t.string({ description: 'Only about resources of this kind.' }),
    name: t.string({ description: 'Only about resources of this name.' }),
  }),
});

type Filter = typeof IssueFilter.$inferInput;

/** A list that is not given lets everything pass. */
function isAmong<T>(value: T, wanted: readonly T[] | null | undefined): boolean {
  return wanted === null || wanted === undefined || wanted.includes(value);
}

function fits({ severities, codes, cluster, kind, name }: Filter): (issue: IssueModel) => boolean {
  const only = (text: string | null | undefined) => (text ? [text] : undefined);
  return (issue) =>
    isAmong(issue.severity, severities) &&
    isAmong<string>(issue.code, codes) &&
    isAmong(issue.cluster, only(cluster)) &&
    isAmong(issue.resource?.kind, only(kind)) &&
    isAmong(issue.resource?.name, only(name));
}

builder.queryFields((t) => ({
  issues: t.field({
    type: IssueConnection,
    description: 'What the last compiles and the agents found, in the whole organization.',
    args: { ...pageArgs(t.arg), filter: t.arg({ type: IssueFilter, description: 'Which issues to list.' }) },
    ...needs('resources.read'),
    resolve: async (_root, { filter, ...args }, context) => {
      const all = await context.services.issues.all(callerOf(context));
      return pageByPlace(all.filter(fits(filter ?? {})), args);
    },
  }),
}));
