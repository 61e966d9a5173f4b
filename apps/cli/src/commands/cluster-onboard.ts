import * as z from 'zod';
import { errorFields, errorIssues, mutationErrorSchema } from '../online/answers.js';
import { waysIn } from '../clusters/ways-in.js';
import { readSteps } from '../clusters/cluster-steps.js';
import { proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { age } from '../output/table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { followSteps } from './cluster-steps.js';
import { isConfirmed } from './delete.js';
import { parseTimeout } from './wait.js';

/** Options of `cluster onboard`. */
export interface OnboardOptions extends OnlineOptions {
  yes?: boolean;
  wait?: boolean;
  timeout?: string;
  expires?: string;
  output?: 'json';
}

const okSchema = z.object({
  secret: z.string(),
  expiresAt: z.string(),
  gatewayUrl: z.string(),
  gatewayCa: z.string().nullish(),
});

const ONBOARD = {
  query: `mutation Onboard($input: CreateEnrolmentTokenInput!) {
    createEnrolmentToken(input: $input) {
      ok { secret expiresAt gatewayUrl gatewayCa } error { ${errorFields()} }
    }
  }`,
  data: z.object({
    createEnrolmentToken: z.object({ ok: okSchema.nullish(), error: mutationErrorSchema.nullish() }),
  }),
};

/** `isthmus cluster onboard NAME`: a token for the agent of the cluster, for one use; shown this once. */
export async function onboard(terminal: Terminal, cluster: string, options: OnboardOptions): Promise<ExitCode> {
  const expiresInMinutes = minutes(options.expires);
  return withSession(terminal, options, async (session) => {
    const again = await replacesIdentity(session, cluster, options);
    if (typeof again !== 'boolean') return again.code;
    const answer = await session.ask(ONBOARD, { input: { cluster, again, ...expiresInMinutes } });
    return proceed(session, answer, ({ createEnrolmentToken: { ok, error } }) => {
      if (!ok) return tell(terminal, error ? errorIssues(error) : []);
      if (options.output === 'json') terminal.out(`${JSON.stringify(ok, null, 2)}\n`);
      else {
        terminal.out(`${ok.secret}\n`);
        terminal.err(`valid until ${ok.expiresAt}, for one use; it is not shown again\n\n`);
        // Where stdout goes to a file, as a secret should, it is not shown beside it.
        const secret = terminal.isOutTty ? ok.secret : undefined;
        const ticket = { cluster, gatewayUrl: ok.gatewayUrl, gatewayCa: ok.gatewayCa ?? undefined, secret };
        terminal.err(waysIn(ticket, options.context));
      }
      return waited(session, cluster, options);
    });
  });
}

/**
 * Whether the token is to replace an identity that the cluster has, which a person is asked about. Otherwise the exit code: nobody
 * agreed, or the server could not say.
 */
export async function replacesIdentity(
  session: Session,
  cluster: string,
  options: OnboardOptions,
): Promise<boolean | { code: ExitCode }> {
  const { terminal, ask } = session;
  const found = await readSteps(ask, cluster);
  if (!found.ok) return { code: tell(terminal, found.issues) };
  const { agent, departure } = found.value;
  if (agent === undefined || agent.session === 0) return false;
  const seen = agent.lastSeenAt === undefined ? 'never' : `${age(agent.lastSeenAt, terminal.now())} ago`;
  const phase = departure.phase === 'MEMBER' ? '' : ` It is ${departure.phase}, and comes back with it.`;
  const question = `${cluster} is enrolled already (cluster UID ${agent.clusterUid ?? 'unknown'}, ${agent.connected ? 'connected' : `heard ${seen}`}).${phase} Replace its identity when the token is used?`;
  if (await isConfirmed(terminal, question, options)) return true;
  terminal.err('nothing was changed\n');
  return { code: EXIT.issues };
}

/** With `--wait`: until the cluster is ready. */
export function waited(session: Session, cluster: string, options: OnboardOptions): Promise<ExitCode> | ExitCode {
  if (!options.wait) return EXIT.ok;
  return followSteps(session, cluster, { isEndless: false, timeoutMs: parseTimeout(options.timeout ?? '5m') });
}

/** Minutes of `--expires` as the API takes them. */
export function minutes(text: string | undefined): { expiresInMinutes?: number } {
  if (text === undefined) return {};
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new UsageError('--expires takes minutes');
  return { expiresInMinutes: Number(text) };
}
