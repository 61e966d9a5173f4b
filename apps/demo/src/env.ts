import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { StartEnvironment } from './options.js';

/** The one place of this program that reads the environment. */
export function startEnvironment(): StartEnvironment {
  return process.env;
}

/** The environment that child processes inherit, with `extra` on top; an undefined value removes a variable. */
export function childEnvironment(extra: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}

/** Folders in which Go may be: those of PATH, then where its installer and its users put it. */
export function programFolders(): string[] {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...onPath, '/usr/local/go/bin', join(homedir(), 'go', 'bin')];
}
