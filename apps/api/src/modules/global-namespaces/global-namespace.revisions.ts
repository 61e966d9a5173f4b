import type { HeadRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { connectionOf, pageArgs, pageRequest } from '../../graphql/connection.js';
import { Revision, RevisionConnection, RevisionDiff } from '../revisions/revision.type.js';
import { GlobalNamespace } from './global-namespace.type.js';

const CatalogHead = builder.objectRef<HeadRecord>('CatalogHead').implement({
  description: 'The newest catalog of a global namespace: what is where.',
  fields: (t) => ({
    epoch: t.exposeInt('catalogEpoch', { description: 'Lineage of the database.' }),
    seq: t.exposeInt('catalogSeq', { description: 'Grows with each catalog.' }),
    root: t.exposeString('catalogRoot', {
      nullable: true,
      description: 'Hash of its content; null until there is one.',
    }),
  }),
});

builder.objectFields(GlobalNamespace, (t) => ({
  revision: t.field({
    type: Revision,
    nullable: true,
    description: 'A revision of its policy by number, the newest if none is given; null if there is none.',
    args: { number: t.arg.int({ description: 'Number.' }) },
    resolve: async ({ uid }, { number }, context) => {
      const wanted = number ?? (await context.loaders.head.load(uid))?.policyRevision ?? 0;
      return context.services.revisions.get(callerOf(context), { gns: uid, number: wanted }, context.loaders);
    },
  }),
  revisions: t.field({
    type: RevisionConnection,
    description: 'Revisions of its policy, newest first.',
    args: pageArgs(t.arg),
    resolve: async ({ uid }, args, context) =>
      connectionOf(
        await context.services.revisions.list(
          callerOf(context),
          { gns: uid, page: pageRequest(args) },
          context.loaders,
        ),
        args,
      ),
  }),
  revisionDiff: t.field({
    type: RevisionDiff,
    nullable: true,
    description: 'What differs between two revisions; null if one does not exist.',
    args: {
      from: t.arg.int({ required: true, description: 'Number of the older one; 0 is the empty tree.' }),
      to: t.arg.int({ required: true, description: 'Number of the newer one; 0 is the empty tree.' }),
    },
    resolve: ({ uid }, range, context) =>
      context.services.revisions.diff(callerOf(context), { gns: uid, ...range }, context.loaders),
  }),
  catalog: t.field({
    type: CatalogHead,
    nullable: true,
    description: 'Its newest catalog; null until it is compiled.',
    resolve: ({ uid }, _args, { loaders }) => loaders.head.load(uid),
  }),
}));
