import type { ObjectRef } from '@pothos/core';
import { builder, type Types } from '../../graphql/builder.js';
import { Issue } from '../issues/issue.type.js';
import { Resource } from '../resources/resource.type.js';
import { isFailure, type MutationFailure } from './failure.js';

const FailureCodeEnum = builder.enumType('MutationErrorCode', {
  description: 'Why a change was not made.',
  values: {
    INVALID: { description: 'What was sent has errors; see issues.' },
    CONFLICT: { description: 'It was changed meanwhile; `current` is what is there now.' },
    NOT_FOUND: { description: 'It does not exist.' },
    IDEMPOTENCY_MISMATCH: { description: 'The idempotency key was used for another request.' },
    REFUSED: { description: 'It is well-formed, but must not be done now; see issues.' },
  } as const,
});

export const MutationError = builder.objectRef<MutationFailure>('MutationError').implement({
  description: 'Why a change was not made. Nothing of it was.',
  fields: (t) => ({
    code: t.field({ type: FailureCodeEnum, description: 'For programs.', resolve: ({ failure }) => failure }),
    message: t.exposeString('message', { description: 'For people.' }),
    issues: t.field({
      type: [Issue],
      description: 'Each thing that is wrong, with its field.',
      resolve: ({ issues }) => issues,
    }),
    current: t.field({
      type: Resource,
      nullable: true,
      description: 'The resource as it is now, of a conflict; null if there is none.',
      resolve: ({ current }, _args, { loaders }) => (current === undefined ? null : loaders.resource.load(current)),
    }),
  }),
});

/** Defines `<Verb><Noun>Result` with `ok` and `error`, exactly one of which is set. */
export function defineResult<T extends object>(
  name: string,
  ok: ObjectRef<Types, T>,
): ObjectRef<Types, T | MutationFailure> {
  const okType: ObjectRef<Types, object> = ok;
  return builder.objectRef<T | MutationFailure>(`${name}Result`).implement({
    description: `Outcome of ${name}: exactly one of its fields is set.`,
    fields: (t) => ({
      ok: t.field({
        type: okType,
        nullable: true,
        description: 'What was done.',
        resolve: (outcome) => (isFailure(outcome) ? null : outcome),
      }),
      error: t.field({
        type: MutationError,
        nullable: true,
        description: 'Why it was not done.',
        resolve: (outcome) => (isFailure(outcome) ? outcome : null),
      }),
    }),
  });
}
