import { ISSUE_CATALOG, isIssueCode, type Issue as IssueModel } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';
import { defineConnection } from '../../graphql/connection.js';

export const Severity = builder.enumType('Severity', {
  description: 'How bad an issue is.',
  values: {
    ERROR: { description: 'Blocks.' },
    WARNING: { description: 'Needs attention.' },
    INFO: { description: 'Explains.' },
  } as const,
});

const IssueResource = builder.objectRef<NonNullable<IssueModel['resource']>>('IssueResource').implement({
  description: 'The resource that an issue is about; it need not exist.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'Kind of the resource.' }),
    name: t.exposeString('name', { description: 'Name of the resource.' }),
    project: t.exposeString('project', {
      nullable: true,
      description: 'Project of the resource, if its kind has one.',
    }),
  }),
});

const IssueSource = builder.objectRef<NonNullable<IssueModel['source']>>('IssueSource').implement({
  description: 'Where in a text an issue was found; line and column count from 1.',
  fields: (t) => ({
    file: t.exposeString('file', { description: 'File, or `documents` for text sent to the API.' }),
    line: t.exposeInt('line', { description: 'Line, from 1.' }),
    column: t.exposeInt('column', { description: 'Column, from 1.' }),
  }),
});

const catalogue = ({ code }: IssueModel) => (isIssueCode(code) ? ISSUE_CATALOG[code] : undefined);

/** A numbered diagnostic. */
export const Issue = builder.objectRef<IssueModel>('Issue').implement({
  description:
    'A numbered diagnostic, the same wherever it was found: in a document, a compile, a renderer or an agent.',
  fields: (t) => ({
    code: t.string({
      description: 'Documented number, like ISM0004; never given another meaning.',
      resolve: ({ code }) => code,
    }),
    severity: t.field({ type: Severity, description: 'How bad it is.', resolve: ({ severity }) => severity }),
    path: t.exposeString('path', {
      description: 'The field, like `spec.members[0].clusters`; empty for the whole resource.',
    }),
    message: t.exposeString('message', { description: 'What is wrong here.' }),
    hint: t.exposeString('hint', { nullable: true, description: 'What to write instead, where that is known.' }),
    title: t.string({
      nullable: true,
      description: 'Title of the code in the catalogue.',
      resolve: (issue) => catalogue(issue)?.title,
    }),
    cause: t.string({
      nullable: true,
      description: 'Why this happens, from the catalogue.',
      resolve: (issue) => catalogue(issue)?.cause,
    }),
    fix: t.string({
      nullable: true,
      description: 'What to do about it, from the catalogue.',
      resolve: (issue) => catalogue(issue)?.fix,
    }),
    resource: t.field({
      type: IssueResource,
      nullable: true,
      description: 'The resource it is about.',
      resolve: ({ resource }) => resource,
    }),
    cluster: t.exposeString('cluster', { nullable: true, description: 'Name of the cluster it was found in or for.' }),
    source: t.field({
      type: IssueSource,
      nullable: true,
      description: 'Place in the text it was found in.',
      resolve: ({ source }) => source,
    }),
  }),
});

export const IssueConnection = defineConnection('Issue', Issue);
