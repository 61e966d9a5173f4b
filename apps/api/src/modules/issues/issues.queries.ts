import type { Issue as IssueModel } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { badInput, type ConnectionModel, pageArgs, type PageArguments, pageRequest } from '../../graphql/connection.js';
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

/** Issues come in order of display, which is no order of texts: the cursor is a place in the list as it is now. */
function pageOfIssues(issues: readonly IssueModel[], args: PageArguments): ConnectionModel<IssueModel> {
  const { first, after, offset = 0 } = pageRequest(args);
  const begin = after === undefined ? 0 : Number(Buffer.from(after, 'base64url').toString('utf8')) + 1;
  const start = begin + offset;
  if (!Number.isSafeInteger(start) || start < 0) throw badInput('after is no cursor of this list');
  const items = issues
    .slice(start, start + first)
    .map((record, index) => ({ cursor: Buffer.from(String(start + index)).toString('base64url'), record }));
  const { length } = issues;
  return { items, hasNextPage: start + items.length < length, hasPreviousPage: start > 0, totalCount: () => length };
}

builder.queryFields((t) => ({
  issues: t.field({
    type: IssueConnection,
    description: 'What the last compiles and the agents found, in the whole organization.',
    args: { ...pageArgs(t.arg), filter: t.arg({ type: IssueFilter, description: 'Which issues to list.' }) },
    ...needs('resources.read'),
    resolve: async (_root, { filter, ...args }, context) => {
      const all = await context.services.issues.all(callerOf(context));
      return pageOfIssues(all.filter(fits(filter ?? {})), args);
    },
  }),
}));
