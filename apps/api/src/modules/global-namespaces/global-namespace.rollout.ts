import { dueOf } from '@isthmus/plan';
import type { RolloutRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { Cluster } from '../clusters/cluster.type.js';
import { GlobalNamespace } from './global-namespace.type.js';

const RolloutStep = builder.enumType('RolloutStep', {
  description: 'How far a change of policy has come.',
  values: {
    EXPAND: {
      description: 'Owners get ready what routes begin to name; those routes wait, everything else is applied.',
    },
    SWITCH: { description: 'Routes are as they are wanted; owners keep what other clusters may still name.' },
  } as const,
});

type Underway = RolloutRecord & { step: 'expand' | 'switch' };

const Rollout = builder.objectRef<Underway>('Rollout').implement({
  description:
    'A change of policy that goes in steps, since routes begin or end to name versions that other clusters own.',
  fields: (t) => ({
    step: t.field({
      type: RolloutStep,
      description: 'The step that it is at.',
      resolve: ({ step }) => (step === 'expand' ? 'EXPAND' : 'SWITCH'),
    }),
    waitsFor: t.field({
      type: [Cluster],
      description: 'Clusters that have not confirmed the step: owners, then callers; those that one may know of.',
      resolve: async ({ awaits }, _args, { loaders }) => {
        const clusters = await Promise.all(awaits.map(({ cluster }) => loaders.cluster.load(cluster)));
        return clusters.filter((cluster) => cluster !== undefined);
      },
    }),
    until: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the first of them is not waited for any longer; null: callers are waited for as long as it takes.',
      resolve: (rollout) => {
        const due = dueOf(rollout);
        return due === undefined ? null : new Date(due);
      },
    }),
  }),
});

builder.objectFields(GlobalNamespace, (t) => ({
  rollout: t.field({
    type: Rollout,
    nullable: true,
    description: 'The change of policy that goes in steps; null while there is none.',
    resolve: async ({ uid }, _args, { loaders }): Promise<Underway | null> => {
      const rollout = (await loaders.head.load(uid))?.rollout;
      return rollout === undefined || rollout.step === 'done' ? null : { ...rollout, step: rollout.step };
    },
  }),
}));
