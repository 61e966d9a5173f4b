import type { Issue } from '@isthmus/domain';
import { coloursFor } from '../output/colours.js';
import { issueLines } from '../output/issue-lines.js';
import type { Outcome } from '../outcome.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { graphqlClient, type Ask } from './graphql-client.js';
import { isPlaintext, resolveServer } from './server.js';

/** What every online command needs. */
export interface Session {
  terminal: Terminal;
  ask: Ask;
}

/** Options of every online command. */
export interface OnlineOptions {
  context?: string;
}

/** Runs a command with a client for the chosen server. */
export async function withSession(
  terminal: Terminal,
  { context }: OnlineOptions,
  command: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const server = await resolveServer(terminal.env, context);
  if (!server.ok) return tell(terminal, server.issues);
  if (isPlaintext(server.value))
    terminal.err(`warning: ${server.value.url.origin} gets the token unencrypted; use https\n`);
  return command({ terminal, ask: graphqlClient(server.value, terminal.signal) });
}

/** Goes on with a value, or tells the issues and ends. */
export async function proceed<T>(
  { terminal }: Pick<Session, 'terminal'>,
  outcome: Outcome<T>,
  next: (value: T) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  return outcome.ok ? next(outcome.value) : tell(terminal, outcome.issues);
}

/** Tells issues on stderr and fails. */
export function tell(terminal: Terminal, issues: readonly Issue[]): ExitCode {
  terminal.err(issueLines(issues, coloursFor(terminal, terminal.isErrTty)));
  return EXIT.issues;
}
