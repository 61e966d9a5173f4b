import type { EditOutcome } from './editor.js';
import type { CliEnv } from './env.js';

/** Everything that a command sees of its surroundings. Data goes to `out`, everything else to `err`. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  isOutTty: boolean;
  isErrTty: boolean;
  readStdin: () => Promise<Uint8Array>;
  /** Asks a person; undefined where there is none to ask (stdin or stderr is no terminal). */
  confirm?: (question: string) => Promise<boolean>;
  /** Lets a person change a text in an editor; `name` is that of the file. */
  edit: (text: string, name: string) => Promise<EditOutcome>;
  /** Waits, and rejects when `signal` is aborted. */
  sleep: (milliseconds: number) => Promise<void>;
  now: () => Date;
  env: CliEnv;
  /** Aborted on Ctrl-C. */
  signal: AbortSignal;
}

/** 0 done, 1 error or issues, 2 changes with `--detailed-exitcode`, 64 wrong usage. */
export const EXIT = { ok: 0, issues: 1, changes: 2, usage: 64 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
