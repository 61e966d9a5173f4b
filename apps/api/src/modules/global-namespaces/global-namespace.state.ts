import type { ResourceRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import type { Context } from '../../graphql/context.js';
import { ConditionType } from '../conditions/condition.type.js';
import { namespaceConditions } from '../conditions/namespace-conditions.js';
import { Freshness, freshnessOfSession, worstFreshness } from '../inventory/freshness.type.js';
import { Hold } from '../holds/hold.type.js';
import { Issue } from '../issues/issue.type.js';
import type { TargetModel } from '../targets/target-model.js';
import { targetNamed } from '../targets/target-named.js';
import { targetArgs, targetPage } from '../targets/target-page.js';
import { Target, TargetConnection } from '../targets/target.type.js';
import { GlobalNamespace } from './global-namespace.type.js';
import { policiesOf } from './policies-of.js';

const targetsOf = ({ uid }: ResourceRecord, context: Context): Promise<TargetModel[]> =>
  context.services.targets.ofGns(callerOf(context), uid, context.loaders);

builder.objectFields(GlobalNamespace, (t) => ({
  targets: t.field({
    type: TargetConnection,
    description: 'What is wanted of each cluster, and what each holds.',
    args: targetArgs(t.arg, 'the name of the cluster'),
    resolve: async (gns, args, context) =>
      targetPage(
        await targetsOf(gns, context),
        {
          idOf: ({ record }) => record.cluster,
          nameOf: ({ record }) => context.loaders.nameOf(record.cluster),
        },
        args,
      ),
  }),
  target: t.field({
    type: Target,
    nullable: true,
    description: 'What is wanted of one of its clusters, and what that holds; null if it has no such cluster.',
    args: { cluster: t.arg.string({ description: 'Name of the cluster; the first by name if not given.' }) },
    resolve: async (gns, { cluster }, context) =>
      targetNamed(await targetsOf(gns, context), cluster ?? undefined, context.loaders),
  }),
  conditions: t.field({
    type: [ConditionType],
    description: 'Compiled, Valid, Applied, Healthy.',
    resolve: async (gns, _args, context) => {
      const { loaders } = context;
      const [head, targets, all, holds] = await Promise.all([
        loaders.head.load(gns.uid),
        targetsOf(gns, context),
        loaders.policies.load('all'),
        loaders.holdsOfGns.load(gns.uid),
      ]);
      return namespaceConditions({ gns, policies: policiesOf(gns, all), head, targets, holds });
    },
  }),
  issues: t.field({
    type: [Issue],
    description: 'What the last compile and the agents found.',
    resolve: (gns, _args, context) => context.services.issues.ofNamespace(callerOf(context), gns, context.loaders),
  }),
  holds: t.field({
    type: [Hold],
    description: 'Deletions that wait for approval: members that leave by its rules, and objects in its clusters.',
    resolve: ({ uid }, _args, context) => context.services.holds.list(callerOf(context), { gns: uid }, context.loaders),
  }),
  freshness: t.field({
    type: Freshness,
    description: 'How old what its clusters told is: that of the one heard longest ago.',
    resolve: async (gns, _args, context) => {
      const now = context.clock.now();
      return worstFreshness((await targetsOf(gns, context)).map(({ session }) => freshnessOfSession(session, now)));
    },
  }),
}));
