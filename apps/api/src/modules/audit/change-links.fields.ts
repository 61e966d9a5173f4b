import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { connectionOf, pageArgs, pageRequest } from '../../graphql/connection.js';
import { Revision, RevisionConnection } from '../revisions/revision.type.js';
import type { TargetModel } from '../targets/target-model.js';
import { Target } from '../targets/target.type.js';
import { AuditRecord, AuditRecordConnection } from './audit.queries.js';
import { heldRevision } from './change-links.service.js';

const OF_WHOM =
  'of the global namespace, of its clusters, of cluster groups and of policies that concern it; null without the right to read the audit log';

interface Holder {
  target: TargetModel;
  revision: number;
  appliedAt: Date;
}

const RevisionHolder = builder.objectRef<Holder>('RevisionHolder').implement({
  description: 'A cluster whose agent said that it holds a revision.',
  fields: (t) => ({
    target: t.field({
      type: Target,
      description: 'What is wanted of the cluster, and how it stands.',
      resolve: ({ target }) => target,
    }),
    revision: t.exposeInt('revision', {
      description: 'Number of the revision that it holds: this one or a newer one.',
    }),
    appliedAt: t.expose('appliedAt', { type: 'DateTime', description: 'When it last said so.' }),
  }),
});

builder.objectFields(Revision, (t) => ({
  auditRecords: t.field({
    type: AuditRecordConnection,
    nullable: true,
    description: `Changes since the revision before, newest first: ${OF_WHOM}.`,
    args: pageArgs(t.arg),
    resolve: async (revision, args, context) => {
      const wanted = { revision, page: pageRequest(args) };
      const page = await context.services.changeLinks.ofRevision(callerOf(context), wanted, context.loaders);
      return page && connectionOf(page, args);
    },
  }),
  holders: t.field({
    type: [RevisionHolder],
    description: 'Clusters whose agents said that they hold it or a newer one.',
    resolve: async ({ gns, number }, _args, context) => {
      const targets = await context.services.targets.ofGns(callerOf(context), gns, context.loaders);
      const holders = targets.map(async (target): Promise<Holder[]> => {
        const revision = (await heldRevision(target, context.loaders)) ?? 0;
        return target.policy === undefined || revision < number
          ? []
          : [{ target, revision, appliedAt: target.policy.appliedAt }];
      });
      return (await Promise.all(holders)).flat();
    },
  }),
}));

builder.objectFields(Target, (t) => ({
  auditRecords: t.field({
    type: AuditRecordConnection,
    nullable: true,
    description: `Changes in the policy that its agent last said it applied, newest first: ${OF_WHOM}, and while it is not known what that is.`,
    args: pageArgs(t.arg),
    resolve: async (target, args, context) => {
      const wanted = { target, which: 'applied' as const, page: pageRequest(args) };
      const page = await context.services.changeLinks.ofTarget(callerOf(context), wanted, context.loaders);
      return page && connectionOf(page, args);
    },
  }),
  pendingAuditRecords: t.field({
    type: AuditRecordConnection,
    nullable: true,
    description:
      'Changes in the policy that is wanted and not applied yet, newest first; null where `auditRecords` is.',
    args: pageArgs(t.arg),
    resolve: async (target, args, context) => {
      const wanted = { target, which: 'pending' as const, page: pageRequest(args) };
      const page = await context.services.changeLinks.ofTarget(callerOf(context), wanted, context.loaders);
      return page && connectionOf(page, args);
    },
  }),
}));

builder.objectFields(AuditRecord, (t) => ({
  revisions: t.field({
    type: RevisionConnection,
    description:
      'The first revision of each global namespace that was compiled with this change; `holders` of each says where it is applied. Empty until it is compiled, if it concerns none, or none that one may read.',
    args: pageArgs(t.arg),
    resolve: async (change, args, context) =>
      connectionOf(
        await context.services.changeLinks.revisionsWith(
          callerOf(context),
          { change, page: pageRequest(args) },
          context.loaders,
        ),
        args,
      ),
  }),
}));
