import type { CliEnv } from './env.js';
import { runCli } from './run-cli.js';
import type { ExitCode, Terminal } from './terminal.js';

/** What a command left behind. */
export interface Outcome {
  code: ExitCode;
  out: string;
  err: string;
}

/** A terminal that keeps what is written; not a TTY unless said so. */
export function fakeTerminal(given: Partial<Terminal> & { stdin?: string } = {}) {
  const written = { out: '', err: '' };
  const env: CliEnv = { configFile: '/nonexistent/isthmus/config', noColour: false, forceColour: false, editor: 'vi' };
  const terminal: Terminal = {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    isOutTty: false,
    isErrTty: false,
    readStdin: () => Promise.resolve(new TextEncoder().encode(given.stdin ?? '')),
    edit: () => Promise.resolve({ ok: false, message: 'there is no editor' }),
    sleep: () => Promise.resolve(),
    now: () => new Date('2026-01-01T00:00:00Z'),
    env,
    signal: new AbortController().signal,
    ...given,
  };
  return { terminal, written };
}

/** Runs one command line in a fake terminal. */
export async function isthmus(args: string, given: Parameters<typeof fakeTerminal>[0] = {}): Promise<Outcome> {
  const { terminal, written } = fakeTerminal(given);
  const code = await runCli(args.split(' '), terminal);
  return { code, ...written };
}
