import { hostname, userInfo } from 'node:os';
import process from 'node:process';
import { issue } from '@isthmus/domain';
import * as z from 'zod';
import { done, failed, type Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { toldOr } from '../told-or.js';
import { isPlaintext, serverOf } from './server.js';

const begunSchema = z.object({
  device_code: z.string().min(1),
  user_code: z.string().min(1),
  verification_uri: z.url({ protocol: /^https?$/ }),
  verification_uri_complete: z.url({ protocol: /^https?$/ }),
  expires_in: z.number().positive(),
  interval: z.number().positive().default(5),
});
const tokenSchema = z.object({ access_token: z.string().min(1) });
const errorSchema = z.object({ error: z.string() });

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
const SLOWER_SECONDS = 5;
const TIMEOUT_MS = 30_000;

/** Has a person let this command line in, in a browser (RFC 8628); answers the secret of its session. */
export async function deviceLogin(terminal: Terminal, address: string): Promise<Outcome<string>> {
  const server = serverOf(address, '');
  if (!server.ok) return server;
  if (isPlaintext(server.value))
    return failed(issue('ISM0611', { message: 'people do not sign in over plain http: use https' }));
  const { origin } = server.value.url;
  const post = poster(terminal, origin);
  const asked = await post('/auth/device/code', {
    client_id: 'isthmus-cli',
    device: `${toldOr(() => userInfo().username, `uid ${process.getuid?.() ?? '?'}`)}@${hostname()}`,
  });
  if (!asked.ok) return asked;
  const begun = begunSchema.safeParse(asked.value.body);
  if (!begun.success)
    return failed(
      issue('ISM0998', {
        message: `${origin} lets nobody sign in by a browser`,
        hint: 'isthmus login --token-file FILE',
      }),
    );
  const { user_code: code, verification_uri_complete: page, expires_in: seconds } = begun.data;
  terminal.err(
    `Open ${page}\nand let the command line in if it shows the code ${code} there (good for ${Math.round(seconds / 60)} minutes).\n`,
  );
  return waitFor(terminal, post, begun.data);
}

type Post = (path: string, fields: Record<string, string>) => Promise<Outcome<{ status: number; body: unknown }>>;

async function waitFor(terminal: Terminal, post: Post, begun: z.infer<typeof begunSchema>): Promise<Outcome<string>> {
  const until = terminal.now().getTime() + begun.expires_in * 1000;
  let seconds = begun.interval;
  while (terminal.now().getTime() < until && !terminal.signal.aborted) {
    await terminal.sleep(seconds * 1000).catch(() => undefined);
    const answer = await post('/auth/token', { grant_type: GRANT_TYPE, device_code: begun.device_code });
    if (!answer.ok) continue; // a server that is restarted is asked again
    const token = tokenSchema.safeParse(answer.value.body);
    if (token.success) return done(token.data.access_token);
    const error = errorSchema.safeParse(answer.value.body);
    const word = error.success ? error.data.error : 'expired_token';
    if (word === 'slow_down') seconds += SLOWER_SECONDS;
    else if (word !== 'authorization_pending') return failed(issue('ISM0997', { message: `not let in: ${word}` }));
  }
  return failed(issue('ISM0997', { message: 'nobody let it in in time' }));
}

function poster(terminal: Terminal, origin: string): Post {
  return async (path, fields) => {
    try {
      const response = await fetch(new URL(path, origin), {
        method: 'POST',
        body: new URLSearchParams(fields),
        redirect: 'error',
        signal: AbortSignal.any([terminal.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const body: unknown = await response.json().catch(() => undefined);
      return done({ status: response.status, body });
    } catch (error) {
      return failed(
        issue('ISM0610', { message: `${origin}: ${error instanceof Error ? error.message : String(error)}` }),
      );
    }
  };
}
