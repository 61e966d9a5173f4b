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
  const readOn = patiently(terminal, read, { hasAnswered: true });
  for (;;) {
    await terminal.sleep(WATCH_MS).catch(() => undefined);
    if (terminal.signal.aborted) return EXIT.ok;
    const answer = await readOn();
    if (terminal.signal.aborted) return EXIT.ok;
    if (answer?.ok === false) return tell(terminal, answer.issues);
    if (answer !== undefined) show(answer.value);
  }
}

/**
 * Reads again and again for what waits: undefined while a server that has answered before cannot be reached, as when it is replaced. That
 * is told once, and so is its return. One that never answered is refused at once.
 */
export function patiently<T>(
  terminal: Terminal,
  read: () => Promise<Outcome<T>>,
  { hasAnswered }: { hasAnswered: boolean } = { hasAnswered: false },
): () => Promise<Outcome<T> | undefined> {
  let isKnown = hasAnswered;
  let isAway = false;
  return async () => {
    const answer = await read();
    const isLost = !answer.ok && isUnreachable(answer.issues);
    if (isLost && !isKnown) return answer;
    if (isLost && !isAway) tell(terminal, answer.issues);
    if (!isLost && isAway) terminal.err('the server answers again\n');
    isKnown = true;
    isAway = isLost;
    return isLost ? undefined : answer;
  };
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

/** Tells issues on stderr and fails; after Ctrl-C nothing is told, since what was cut off is no fault. */
export function tell(terminal: Terminal, issues: readonly Issue[]): ExitCode {
  if (terminal.signal.aborted) return EXIT.issues;
  terminal.err(issueLines(issues, coloursFor(terminal, terminal.isErrTty)));
  return EXIT.issues;
}
