import * as z from 'zod';
import { errorFields, errorIssues, mutationErrorSchema } from '../online/answers.js';
import type { Ask } from '../online/graphql-client.js';
import { done, failed, type Outcome } from '../outcome.js';

/** Acts of people on clusters, as the API names them. */
export type ActName =
  | 'leaveCluster'
  | 'cancelClusterLeave'
  | 'evictCluster'
  | 'abandonCluster'
  | 'unabandonCluster'
  | 'forgetCluster'
  | 'revokeCluster'
  | 'unquarantineCluster';

const resultSchema = z.object({ ok: z.object({}).nullish(), error: mutationErrorSchema.nullish() });

/** Does it; a refusal is issues. */
export async function actOn(ask: Ask, act: ActName, clusterId: string): Promise<Outcome<true>> {
  const operation = {
    query: `mutation Act($input: ClusterActInput!) { act: ${act}(input: $input) { ok { __typename } error { ${errorFields()} } } }`,
    data: z.object({ act: resultSchema }),
  };
  const answer = await ask(operation, { input: { clusterId } });
  if (!answer.ok) return answer;
  const { error } = answer.value.act;
  return error ? failed(...errorIssues(error)) : done(true as const);
}
