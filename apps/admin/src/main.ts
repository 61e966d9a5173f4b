#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { readEnv } from './env.js';
import { runAdmin } from './run-admin.js';

async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

process.exitCode = await runAdmin(process.argv.slice(2), readEnv(), {
  out: process.stdout,
  err: (line) => void process.stderr.write(`${line}\n`),
  stdin: process.stdin,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { confirm } : {}),
});
