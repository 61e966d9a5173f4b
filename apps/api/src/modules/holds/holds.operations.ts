import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { defineConnection, pageArgs, pageOf } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { partsOfId } from '../../graphql/node-id.js';
import { failure } from '../results/failure.js';
import { defineResult } from '../results/result.type.js';
import { Hold } from './hold.type.js';

const HoldConnection = defineConnection('Hold', Hold);
const ApprovePruneResult = defineResult('ApprovePrune', Hold);

const ApprovePruneInput = builder.inputType('ApprovePruneInput', {
  description: 'Held deletions that may happen.',
  fields: (t) => ({
    holdId: t.id({ required: true, description: 'Id of the hold.' }),
    heldSetHash: t.string({
      required: true,
      description: 'Hash of the set that was shown; another set is not approved.',
    }),
  }),
});

builder.queryFields((t) => ({
  holds: t.field({
    type: HoldConnection,
    description: 'Deletions that wait for a person, in the whole organization.',
    args: pageArgs(t.arg),
    ...needs('resources.read'),
    resolve: async (_root, args, context) => {
      const holds = await context.services.holds.list(callerOf(context), {}, context.loaders);
      return pageOf(
        holds.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        ({ id }) => id,
        args,
      );
    },
  }),
}));

builder.mutationFields((t) => ({
  approvePrune: t.field({
    type: ApprovePruneResult,
    description: 'Lets the very deletions that were shown happen. It lapses if the set changes.',
    args: { input: t.arg({ type: ApprovePruneInput, required: true, description: 'What may be deleted.' }) },
    ...needs('holds.approve'),
    resolve: (_root, { input }, context) => {
      const [id] = partsOfId('Hold', input.holdId) ?? [];
      if (id === undefined) return failure('NOT_FOUND', 'holdId is no id of held deletions');
      return context.services.holds.approve(callerOf(context), { id, setHash: input.heldSetHash });
    },
  }),
}));
