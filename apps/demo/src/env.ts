import type { StartEnvironment } from './options.js';

/** The one place of this program that reads the environment. */
export function startEnvironment(): StartEnvironment {
  return process.env;
}

/** The environment that child processes inherit, with `extra` on top; an undefined value removes a variable. */
export function childEnvironment(extra: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}
