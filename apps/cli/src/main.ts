#!/usr/bin/env node
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { editText } from './editor.js';
import { readEnv } from './env.js';
import { outputFault } from './output-fault.js';
import { runCli } from './run-cli.js';

const interrupt = new AbortController();
process.once('SIGINT', () => {
  interrupt.abort();
  process.exitCode = 130;
});
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  const { code, text } = outputFault(error);
  process.stderr.write(text);
  process.exit(code);
});
/** Nobody is left to be told; the exit code still says it. */
process.stderr.on('error', () => undefined);

async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal: interrupt.signal })).trim());
  } finally {
    lines.close();
  }
}

const env = readEnv();
const code = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isOutTty: process.stdout.isTTY,
  isErrTty: process.stderr.isTTY,
  readStdin: () => buffer(process.stdin),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { confirm } : {}),
  edit: (text, name) =>
    editText({ command: env.editor, isTty: process.stdin.isTTY && process.stdout.isTTY }, text, name),
  sleep: (milliseconds) => wait(milliseconds, undefined, { signal: interrupt.signal }),
  now: () => new Date(),
  env,
  signal: interrupt.signal,
});

if (!interrupt.signal.aborted) process.exitCode = code;
