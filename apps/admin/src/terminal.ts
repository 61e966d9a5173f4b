import type { Readable, Writable } from 'node:stream';

/** Everything that a command sees of its surroundings. Results go to `out`, everything else to `err`. */
export interface Terminal {
  out: Writable;
  err: (line: string) => void;
  stdin: Readable;
  /** Asks a person; undefined where there is none to ask. */
  confirm?: (question: string) => Promise<boolean>;
}

/** 0 done, 1 refused or failed, 64 wrong usage. */
export const EXIT = { done: 0, failed: 1, usage: 64 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
