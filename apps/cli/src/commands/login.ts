import { readFile } from 'node:fs/promises';
import { issue } from '@isthmus/domain';
import * as z from 'zod';
import { decodeText } from '../bundle/decode-text.js';
import { contextNamed, isContextName, readContexts, writeContexts, type Contexts } from '../online/contexts.js';
import { deviceLogin } from '../online/device-login.js';
import { graphqlClient } from '../online/graphql-client.js';
import { endSession, listSessions } from '../online/user-sessions.js';
import { isPlaintext, serverOf } from '../online/server.js';
import { proceed, tell } from '../online/session.js';
import { done, failed, type Outcome } from '../outcome.js';
import { table } from '../output/table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

/** Options of `login`. */
export interface LoginOptions {
  server: string;
  /** Without it a person lets the command line in, in a browser. */
  tokenFile?: string;
  name?: string;
}

const VIEWER = {
  query: '{ viewer { actor role organization { name } } }',
  data: z.object({
    viewer: z.object({
      actor: z.string(),
      role: z.string(),
      name: z.string().optional(),
      organization: z.object({ name: z.string() }),
    }),
  }),
};

/** `isthmus login`: gets a token from a file or by a browser, asks the server whose it is, and keeps both as the current context. */
export async function login(terminal: Terminal, options: LoginOptions): Promise<ExitCode> {
  const { tokenFile } = options;
  if (options.name !== undefined && !isContextName(options.name))
    throw new UsageError('--name takes 1 to 260 characters');
  const token =
    tokenFile === undefined ? await deviceLogin(terminal, options.server) : await readToken(terminal, tokenFile);
  if (!token.ok) return tell(terminal, token.issues);
  const server = serverOf(options.server, token.value);
  if (!server.ok) return tell(terminal, server.issues);
  if (isPlaintext(server.value)) terminal.err('warning: the token is sent unencrypted; use https\n');
  const viewer = await graphqlClient(server.value, terminal.signal)(VIEWER);
  return proceed({ terminal }, viewer, async ({ viewer: { actor, role, organization } }) => {
    const name = options.name ?? server.value.url.host.replaceAll(/[^A-Za-z0-9.-]/g, '-');
    return proceed({ terminal }, await readContexts(terminal.env.configFile), async (known) => {
      const others = known.contexts.filter((one) => one.name !== name);
      const contexts = [...others, { name, server: options.server, token: token.value }];
      const written = await writeContexts(terminal.env.configFile, { currentContext: name, contexts });
      return proceed({ terminal }, written, () => {
        terminal.err(`logged in to ${organization.name} as ${actor} (${role}); context ${name}\n`);
        return EXIT.ok;
      });
    });
  });
}

async function readToken(terminal: Terminal, file: string): Promise<Outcome<string>> {
  const source = { file: file === '-' ? '<stdin>' : file, line: 1, column: 1 };
  const bytes = file === '-' ? await terminal.readStdin() : await readFile(file).catch(() => undefined);
  if (bytes === undefined) return failed(issue('ISM0601', { message: 'the token cannot be read', source }));
  const token = decodeText(bytes)?.trim() ?? '';
  return token === '' ? failed(issue('ISM0616', { message: 'there is no token in it', source })) : done(token);
}

const SESSION_PREFIX = 'isths_';

/** `isthmus logout`: ends the session of a context at the server, and forgets the context. */
export async function logout(terminal: Terminal, { context }: { context?: string }): Promise<ExitCode> {
  return proceed({ terminal }, await readContexts(terminal.env.configFile), async (known) => {
    const name = context ?? known.currentContext ?? '';
    return proceed({ terminal }, contextNamed(known, name), async ({ server, token }) => {
      const isSession = token.startsWith(SESSION_PREFIX);
      const ended = isSession ? await endOwnSession(terminal, { server, token }) : done(undefined);
      if (!ended.ok) tell(terminal, ended.issues);
      const code = await contextDelete(terminal, name);
      const said = isSession ? 'its session is over' : 'its token still counts: isthmus token revoke';
      if (code === EXIT.ok && ended.ok) terminal.err(`context ${name} is forgotten; ${said}\n`);
      return ended.ok ? code : EXIT.issues;
    });
  });
}

async function endOwnSession(
  terminal: Terminal,
  context: { server: string; token: string },
): Promise<Outcome<unknown>> {
  const server = serverOf(context.server, context.token);
  if (!server.ok) return server;
  const ask = graphqlClient(server.value, terminal.signal);
  const sessions = await listSessions(ask, false);
  if (!sessions.ok) return sessions;
  const own = sessions.value.find(({ isCurrent }) => isCurrent);
  return own === undefined ? done(undefined) : endSession(ask, own.id);
}

/** `isthmus context list`. */
export async function contextList(terminal: Terminal): Promise<ExitCode> {
  return proceed({ terminal }, await readContexts(terminal.env.configFile), ({ currentContext, contexts }) => {
    const rows = contexts.map(({ name, server }) => [name === currentContext ? '*' : ' ', name, server]);
    terminal.out(table(['CURRENT', 'NAME', 'SERVER'], rows));
    return EXIT.ok;
  });
}

/** `isthmus context use NAME`. */
export async function contextUse(terminal: Terminal, name: string): Promise<ExitCode> {
  return change(terminal, name, ({ contexts }) => ({ currentContext: name, contexts }));
}

/** `isthmus context delete NAME`. */
export async function contextDelete(terminal: Terminal, name: string): Promise<ExitCode> {
  return change(terminal, name, ({ currentContext, contexts }) => ({
    ...(currentContext === undefined || currentContext === name ? {} : { currentContext }),
    contexts: contexts.filter((one) => one.name !== name),
  }));
}

async function change(terminal: Terminal, name: string, next: (known: Contexts) => Contexts): Promise<ExitCode> {
  return proceed({ terminal }, await readContexts(terminal.env.configFile), (known) =>
    proceed({ terminal }, contextNamed(known, name), async () =>
      proceed({ terminal }, await writeContexts(terminal.env.configFile, next(known)), () => EXIT.ok),
    ),
  );
}
