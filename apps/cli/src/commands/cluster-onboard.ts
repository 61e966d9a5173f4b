import { z } from 'zod';
import { errorFields, errorIssues, mutationErrorSchema } from '../online/answers.js';
import { proceed, tell, withSession, type OnlineOptions } from '../online/session.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/** Options of `cluster onboard`. */
export interface OnboardOptions extends OnlineOptions {
  expires?: string;
  output?: 'json';
}

const okSchema = z.object({
  secret: z.string(),
  expiresAt: z.string(),
  gatewayUrl: z.string(),
  gatewayCa: z.string().nullish(),
  installCommand: z.string(),
});

const ONBOARD = {
  query: `mutation Onboard($input: CreateEnrolmentTokenInput!) {
    createEnrolmentToken(input: $input) {
      ok { secret expiresAt gatewayUrl gatewayCa installCommand } error { ${errorFields()} }
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
    const answer = await session.ask(ONBOARD, { input: { cluster, ...expiresInMinutes } });
    return proceed(session, answer, ({ createEnrolmentToken: { ok, error } }) => {
      if (!ok) return tell(terminal, error ? errorIssues(error) : []);
      if (options.output === 'json') terminal.out(`${JSON.stringify(ok, null, 2)}\n`);
      else {
        terminal.out(`${ok.secret}\n`);
        terminal.err(`valid until ${ok.expiresAt}, for one use; it is not shown again\n\n${ok.installCommand}\n`);
      }
      return EXIT.ok;
    });
  });
}

/** Minutes of `--expires` as the API takes them. */
export function minutes(text: string | undefined): { expiresInMinutes?: number } {
  if (text === undefined) return {};
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new UsageError('--expires takes minutes');
  return { expiresInMinutes: Number(text) };
}
