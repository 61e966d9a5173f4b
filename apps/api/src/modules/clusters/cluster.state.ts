import type { HoldRecord, ResourceRecord } from '@isthmus/store';
import { authorizeAt, clusterPlace } from '../../auth/viewer.js';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import type { Context } from '../../graphql/context.js';
import { needs } from '../../graphql/guard.js';
import { clusterConditions } from '../conditions/cluster-conditions.js';
import { lifeConditions } from '../conditions/life-conditions.js';
import { ConditionType, type Condition } from '../conditions/condition.type.js';
import { Hold } from '../holds/hold.type.js';
import { Inventory } from '../inventory/inventory.type.js';
import { Issue } from '../issues/issue.type.js';
import { Onboarding } from '../onboarding/onboarding.type.js';
import { onboardingSteps } from '../onboarding/steps/onboarding-steps.js';
import type { OnboardingStep } from '../onboarding/steps/step.js';
import type { TargetModel } from '../targets/target-model.js';
import { targetArgs, targetPage } from '../targets/target-page.js';
import { TargetConnection } from '../targets/target.type.js';
import { Agent, Enrolment } from './agent.type.js';
import { Cluster } from './cluster.type.js';
import { Departure } from './departure.type.js';

async function conditionsOf(cluster: ResourceRecord, context: Context): Promise<Condition[]> {
  const { loaders, services } = context;
  const [session, inventory, holds, targets, life, stops, steps] = await Promise.all([
    loaders.session.load(cluster.uid),
    loaders.inventoryHead.load(cluster.uid),
    seenHolds(cluster, context),
    services.targets.ofCluster(callerOf(context), cluster.uid, loaders),
    loaders.life.load(cluster.uid),
    loaders.lineStops.load(cluster.uid),
    stepsOf(cluster, context),
  ]);
  return [
    ...clusterConditions({ cluster, session, inventory, holds, targets }),
    ...lifeConditions({ cluster, steps, life, stops }),
  ];
}

/** Held deletions as far as they are the caller's to know of. */
async function seenHolds({ uid }: ResourceRecord, context: Context): Promise<HoldRecord[]> {
  const all = await context.loaders.holdsOfCluster.load(uid);
  return context.services.holds.seen(callerOf(context), all, context.loaders);
}

async function stepsOf(cluster: ResourceRecord, context: Context): Promise<OnboardingStep[]> {
  const { loaders, services, clock } = context;
  const [session, enrolment, refusals, inventory, targets, stops] = await Promise.all([
    loaders.session.load(cluster.uid),
    loaders.enrolment.load(cluster.uid),
    loaders.refusals.load(cluster.uid),
    loaders.inventoryHead.load(cluster.uid),
    services.targets.ofCluster(callerOf(context), cluster.uid, loaders),
    loaders.lineStops.load(cluster.uid),
  ]);
  const enrolments = enrolment === undefined ? [] : [enrolment];
  return onboardingSteps({ cluster, session, enrolments, refusals, inventory, targets, stops, now: clock.now() });
}

builder.objectFields(Cluster, (t) => ({
  agent: t.field({
    type: Agent,
    nullable: true,
    description: 'Its agent; null if none was ever heard.',
    resolve: ({ uid }, _args, { loaders }) => loaders.session.load(uid),
  }),
  inventory: t.field({
    type: Inventory,
    nullable: true,
    description: 'What its agent found; null until it reports.',
    ...needs('inventory.read'),
    resolve: (cluster, _args, context) => {
      authorizeAt(callerOf(context), 'inventory.read', clusterPlace(cluster));
      return context.loaders.inventoryHead.load(cluster.uid);
    },
  }),
  targets: t.field({
    type: TargetConnection,
    description: 'What is wanted of it, by global namespace.',
    args: targetArgs(t.arg, 'project/name of the global namespace'),
    resolve: async ({ uid }, args, context) => {
      const { services, loaders } = context;
      const nameOf = async ({ record }: TargetModel): Promise<string | undefined> => {
        const gns = await loaders.resource.load(record.gns);
        return gns && `${gns.project}/${gns.name}`;
      };
      const targets = await services.targets.ofCluster(callerOf(context), uid, loaders);
      return targetPage(targets, { idOf: ({ record }) => record.gns, nameOf }, args);
    },
  }),
  conditions: t.field({
    type: [ConditionType],
    description:
      'Connected, InventoryKnown, Applied, Healthy, Onboarded; Leaving, Left, Evicted, Abandoned or DatabaseCurrent where they apply.',
    resolve: (cluster, _args, context) => conditionsOf(cluster, context),
  }),
  issues: t.field({
    type: [Issue],
    description: 'What compiles and its agent found about it.',
    resolve: (cluster, _args, context) =>
      context.services.issues.ofCluster(callerOf(context), cluster, context.loaders),
  }),
  holds: t.field({
    type: [Hold],
    description: 'Deletions that wait for approval.',
    resolve: ({ uid }, _args, context) =>
      context.services.holds.list(callerOf(context), { cluster: uid }, context.loaders),
  }),
  enrolments: t.field({
    type: [Enrolment],
    description: 'Enrolment tokens made for it.',
    ...needs('agents.write'),
    resolve: (cluster, _args, context) =>
      context.services.onboarding.enrolments(callerOf(context), cluster, context.loaders),
  }),
}));

builder.objectFields(Cluster, (t) => ({
  onboarding: t.field({
    type: Onboarding,
    description: 'How far it is on its way in: each step with its last error and the fix.',
    resolve: (cluster, _args, context) => stepsOf(cluster, context),
  }),
  departure: t.field({
    type: Departure,
    description: 'Whether it takes part, and what would have to be undone, or still has to, for it to leave.',
    resolve: (cluster, _args, context) => context.services.departures.of(callerOf(context), cluster, context.loaders),
  }),
}));
