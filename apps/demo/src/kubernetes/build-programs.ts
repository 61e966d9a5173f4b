import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { missingKubernetes } from '@isthmus/kube';
import { BUILD_SCRIPT } from '../paths.js';

const LAST_LINES = 8;
const STILL_MS = 30_000;

/** What is built, by what, and what ends it. */
export interface Build {
  signal: AbortSignal;
  missing?: readonly string[];
  script?: string;
}

/** Builds what real clusters lack on this machine, and says how it goes. Aborting ends the build with all that it started. */
export async function buildPrograms(
  step: (text: string) => void,
  { signal, missing = missingKubernetes(), script = BUILD_SCRIPT }: Build,
): Promise<void> {
  if (missing.length === 0) return;
  step(`building ${missing.join(', ')} with Go, once; this takes some minutes`);
  const build = spawn('bash', [script, '--only', missing.join(' ')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = (): void => endGroup(build.pid);
  signal.addEventListener('abort', end, { once: true });
  const words: string[] = [];
  const note = (line: string): void => void words.push(line);
  createInterface({ input: build.stderr }).on('line', note);
  createInterface({ input: build.stdout }).on('line', (line) => {
    note(line);
    step(line);
  });
  const still = setInterval(() => step(`still building ${missing.join(', ')}`), STILL_MS);
  try {
    const [code] = (await once(build, 'close')) as [number | null];
    if (code !== 0) throw new Error(`it ended with ${code === null ? 'a signal' : `code ${String(code)}`}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      [
        `ISM0708 ${missing.join(', ')} could not be built by testbed/build.sh: ${reason}`,
        ...words.slice(-LAST_LINES),
      ].join('\n  '),
      { cause: error },
    );
  } finally {
    clearInterval(still);
    signal.removeEventListener('abort', end);
  }
}

/** Between the end of the last process of a group and our hearing of it there is nobody left to end. */
export function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
