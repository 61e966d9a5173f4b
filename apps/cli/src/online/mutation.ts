import { issue } from '@isthmus/domain';
import * as z from 'zod';
import { done, failed, type Outcome } from '../outcome.js';
import { errorFields, errorIssues, mutationErrorSchema, optional } from './answers.js';
import type { Ask, Operation } from './graphql-client.js';

/** What a mutation answers under the name `it`: `ok` of this schema, or an error. */
const answerOf = <T extends z.ZodType>(ok: T) =>
  z.object({ it: z.object({ ok: optional(ok), error: optional(mutationErrorSchema) }) });

/** A mutation of one field, with its arguments as `call` says; `fields` are those of what was done. */
export function mutation<T extends z.ZodType>(
  head: string,
  call: string,
  { fields, ok }: { fields: string; ok: T },
): Operation<ReturnType<typeof answerOf<T>>> {
  return {
    query: `mutation ${head} { it: ${call} { ok { ${fields} } error { ${errorFields()} } } }`,
    data: answerOf(ok),
  };
}

/** Runs a mutation; its refusal is told by its issues. */
export async function change<T>(
  ask: Ask,
  operation: Operation<z.ZodType<{ it: { ok?: T; error?: z.infer<typeof mutationErrorSchema> } }>>,
  variables: object,
): Promise<Outcome<T>> {
  const answer = await ask(operation, variables);
  if (!answer.ok) return answer;
  const { ok, error } = answer.value.it;
  if (ok !== undefined) return done(ok);
  return failed(
    ...(error === undefined ? [issue('ISM0612', { message: 'neither ok nor error' })] : errorIssues(error)),
  );
}
