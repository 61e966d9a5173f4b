import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache');
const cached = path.join(process.env['TESTBED_BIN'] ?? path.join(cache, 'isthmus-testbed', 'bin'), 'istioctl');

/** Runs istioctl: the one that the testbed built, else that on PATH. */
export function istioctl(arguments_: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run(fs.existsSync(cached) ? cached : 'istioctl', [...arguments_]);
}

/** For `real('istioctl', …)`: undefined when it runs, else why not. */
export async function probeIstioctl(): Promise<string | undefined> {
  try {
    await istioctl(['version', '--remote=false']);
    return undefined;
  } catch {
    return 'no istioctl on PATH or among the built binaries of the testbed';
  }
}
