#!/usr/bin/env node
import process from 'node:process';
import { buffer } from 'node:stream/consumers';
import { readEnv } from './env.js';
import { runCli } from './run-cli.js';

const interrupt = new AbortController();
process.once('SIGINT', () => {
  interrupt.abort();
  process.exitCode = 130;
});
/** A reader that closes the pipe (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isOutTty: process.stdout.isTTY,
  isErrTty: process.stderr.isTTY,
  readStdin: () => buffer(process.stdin),
  env: readEnv(),
  signal: interrupt.signal,
});
