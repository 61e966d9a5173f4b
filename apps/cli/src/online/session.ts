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

const WATCH_MS = 2000;

/**
 * Asks again every two seconds and shows the answer, until it is interrupted. A server that does not answer is told once and asked
 * on, since watching over a restart is what watching is for; every other refusal ends it.
 */
export async function watchEvery<T>(
  session: Session,
  read: () => Promise<Outcome<T>>,
  show: (value: T) => void,
): Promise<ExitCode> {
  const { terminal } = session;
  let isAway = false;
  for (;;) {
    await terminal.sleep(WATCH_MS).catch(() => undefined);
    const answer = terminal.signal.aborted ? undefined : await read();
    if (answer === undefined || terminal.signal.aborted) return EXIT.ok;
    if (answer.ok) {
      if (isAway) terminal.err('the server answers again\n');
      show(answer.value);
    } else if (!isUnreachable(answer.issues)) return tell(terminal, answer.issues);
    else if (!isAway) tell(terminal, answer.issues);
    isAway = !answer.ok;
  }
}

const isUnreachable = (issues: readonly Issue[]): boolean => issues.every(({ code }) => code === 'ISM0610');

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
