import { isProjectScoped } from '@isthmus/domain';
import { builder } from '../../graphql/builder.js';
import { Issue } from '../issues/issue.type.js';
import { Resource, ResourceKindEnum } from '../resources/resource.type.js';
import { defineResult } from '../results/result.type.js';
import type { ApplyOk, ResourceChange } from './apply-request.js';
import { PreviewType } from './preview.type.js';

const OutcomeEnum = builder.enumType('ChangeOutcome', {
  description: 'What became of a resource.',
  values: {
    CREATED: { description: 'It was not there before.' },
    UPDATED: { description: 'It was changed.' },
    UNCHANGED: { description: 'It was like this already; nothing was written.' },
    DELETED: { description: 'It is gone.' },
  } as const,
});

const ResourceChangeType = builder.objectRef<ResourceChange>('ResourceChange').implement({
  description: 'What became of one resource.',
  fields: (t) => ({
    outcome: t.field({ type: OutcomeEnum, description: 'What became of it.', resolve: ({ outcome }) => outcome }),
    kind: t.field({ type: ResourceKindEnum, description: 'Kind.', resolve: ({ kind }) => kind }),
    name: t.exposeString('name', { description: 'Name.' }),
    projectName: t.string({
      nullable: true,
      description: 'Project; null for kinds of the organization.',
      resolve: ({ kind, project }) => (isProjectScoped(kind) ? project : null),
    }),
    resource: t.field({
      type: Resource,
      nullable: true,
      description: 'The resource as it is now; null if it is gone, or would only be created by a dry run.',
      resolve: ({ uid }, _args, { loaders }) => (uid === undefined ? null : loaders.resource.load(uid)),
    }),
  }),
});

/** What a mutation of resources did. */
export const ApplyOkType = builder.objectRef<ApplyOk>('ApplyOk').implement({
  description: 'What was done, all of it in one transaction; of a dry run, what would be done.',
  fields: (t) => ({
    dryRun: t.exposeBoolean('dryRun', { description: 'True if nothing was written.' }),
    changes: t.field({
      type: [ResourceChangeType],
      description: 'What became of each resource.',
      resolve: ({ changes }) => changes,
    }),
    issues: t.field({
      type: [Issue],
      description: 'Warnings and information that the change brings.',
      resolve: ({ issues }) => issues,
    }),
    preview: t.field({
      type: PreviewType,
      nullable: true,
      description: 'Rendered difference of a dry run; null otherwise.',
      resolve: ({ preview }) => preview,
    }),
  }),
});

export const ApplyResourcesResult = defineResult('ApplyResources', ApplyOkType);
export const PutResourceResult = defineResult('PutResource', ApplyOkType);
export const DeleteResourceResult = defineResult('DeleteResource', ApplyOkType);
