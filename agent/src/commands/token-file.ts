import { readFile } from 'node:fs/promises';
import { pause } from '@isthmus/platform';
import type { Logger } from '@isthmus/platform';

const LOOK_MS = 2000;

export interface TokenWait {
  /** False: a token that is not there is a fault. */
  mayComeLater: boolean;
  signal: AbortSignal;
  log: Logger;
}

/** The token in a file; in a cluster its Secret may come after the agent, and the kubelet then puts it there. Undefined once aborted. */
export async function readToken(file: string, { mayComeLater, signal, log }: TokenWait): Promise<string | undefined> {
  let hasSaid = false;
  while (!signal.aborted) {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (mayComeLater && error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    if (text.trim() !== '' || !mayComeLater) return text.trim();
    if (!hasSaid) log.warn({ file }, 'this agent has no identity yet and waits for a token');
    hasSaid = true;
    await pause(LOOK_MS, signal);
  }
  return undefined;
}
