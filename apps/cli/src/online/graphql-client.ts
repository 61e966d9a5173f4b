import { issue, type Issue } from '@isthmus/domain';
import * as z from 'zod';
import { done, failed, type Outcome } from '../outcome.js';
import type { Server } from './server.js';

/** One operation, and the schema of the data that this command needs of its answer. */
export interface Operation<S extends z.ZodType> {
  query: string;
  data: S;
}

/** Sends operations; every failure is an issue, never a throw. */
export type Ask = <S extends z.ZodType>(operation: Operation<S>, variables?: object) => Promise<Outcome<z.infer<S>>>;

const TIMEOUT_MS = 60_000;

/** What proxies answer while no API stands behind them. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

const answerSchema = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
});

/** A client for one server. Redirects are not followed, so that the token reaches nobody else. */
export function graphqlClient(server: Server, signal: AbortSignal): Ask {
  return async ({ query, data }, variables = {}) => {
    const answer = await post(server, JSON.stringify({ query, variables }), signal);
    if (!answer.ok) return answer;
    const parsed = answerSchema.safeParse(answer.value.body);
    if (!parsed.success && AWAY.has(answer.value.status))
      return failed(issue('ISM0610', { message: `${server.url.origin}: HTTP ${answer.value.status}` }));
    if (!parsed.success) return failed(strange(server, `HTTP ${answer.value.status} without a GraphQL answer`));
    if (parsed.data.errors !== undefined) return failed(...parsed.data.errors.map(refusal));
    const found = data.safeParse(parsed.data.data);
    return found.success ? done(found.data) : failed(strange(server, z.prettifyError(found.error)));
  };
}

async function post(
  server: Server,
  body: string,
  signal: AbortSignal,
): Promise<Outcome<{ status: number; body: unknown }>> {
  try {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${server.token}`,
      },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await response.text();
    return done({ status: response.status, body: jsonOf(text) });
  } catch (error) {
    return failed(issue('ISM0610', { message: `${server.url.origin}: ${reasonOf(error)}` }));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The innermost cause: fetch hides it behind "fetch failed". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return reasonOf(cause);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}

function refusal({ message, extensions = {} }: { message: string; extensions?: Record<string, unknown> }): Issue {
  const { code, requestId } = extensions;
  const hint = typeof requestId === 'string' ? { hint: `request ${requestId}` } : {};
  if (code === 'UNAVAILABLE') return issue('ISM0610', { message, ...hint });
  const isAuth = code === 'UNAUTHENTICATED' || code === 'FORBIDDEN';
  return issue(isAuth ? 'ISM0616' : 'ISM0618', { message, ...hint });
}

const strange = ({ url }: Server, message: string) =>
  issue('ISM0612', { message: `${url.origin}: ${message.slice(0, 500)}` });
