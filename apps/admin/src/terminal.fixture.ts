import { Readable, Writable } from 'node:stream';
import { parseEnv } from './env.js';
import { runAdmin } from './run-admin.js';
import type { ExitCode } from './terminal.js';

/** What a command left behind. */
export interface Ran {
  code: ExitCode;
  out: Buffer;
  err: string;
}

/** Runs one command line on a database, as the program does. */
export async function ran(
  argv: readonly string[],
  databaseUrl: string,
  given: { stdin?: Buffer; answer?: boolean; env?: Record<string, string> } = {},
): Promise<Ran> {
  const out: Buffer[] = [];
  const err: string[] = [];
  const { answer } = given;
  const code = await runAdmin(argv, parseEnv({ DATABASE_URL: databaseUrl, ...given.env }), {
    out: new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        out.push(Buffer.from(chunk));
        done();
      },
    }),
    err: (line) => void err.push(line),
    stdin: Readable.from(given.stdin === undefined ? [] : [given.stdin]),
    ...(answer === undefined ? {} : { confirm: () => Promise.resolve(answer) }),
  });
  return { code, out: Buffer.concat(out), err: err.join('\n') };
}
