import { issue } from '@isthmus/domain';
import * as z from 'zod';
import { done, failed, type Outcome } from '../outcome.js';
import { optional } from './answers.js';
import type { Ask } from './graphql-client.js';

const sessionSchema = z.object({
  id: z.string(),
  kind: z.string(),
  device: z.string(),
  ip: z.string(),
  seenAt: z.string(),
  expiresAt: z.string(),
  checkedAt: optional(z.string()),
  checkFault: optional(z.string()),
  isCurrent: z.boolean(),
  account: optional(z.object({ id: z.string(), name: z.string() })),
});
/** A session of a person. */
export type UserSession = z.infer<typeof sessionSchema>;

/** Live sessions, of the caller or of all. */
export async function listSessions(ask: Ask, all: boolean): Promise<Outcome<UserSession[]>> {
  const query = `query ($all: Boolean!) { sessions(all: $all) { id kind device ip seenAt expiresAt checkedAt checkFault isCurrent account { id name } } }`;
  const answer = await ask({ query, data: z.object({ sessions: z.array(sessionSchema) }) }, { all });
  return answer.ok ? done(answer.value.sessions) : answer;
}

const result = z.object({ error: optional(z.object({ code: z.string(), message: z.string() })) });

/** Ends a session at once. */
export async function endSession(ask: Ask, id: string): Promise<Outcome<undefined>> {
  const query = 'mutation ($id: ID!) { endSession(sessionId: $id) { error { code message } } }';
  const answer = await ask({ query, data: z.object({ endSession: result }) }, { id });
  if (!answer.ok) return answer;
  const { error } = answer.value.endSession;
  return error === undefined ? done(undefined) : failed(issue('ISM0618', { message: error.message }));
}
