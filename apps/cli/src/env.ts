import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { toldOr } from './told-or.js';

/** What the environment tells the command line. */
export interface CliEnv {
  /** File of contexts. */
  configFile: string;
  /** Server and token that win over the current context. */
  server?: string;
  token?: string;
  /** File of clusters, as kubectl reads it. */
  kubeconfig?: string;
  /** True if colours are unwanted (NO_COLOR, or a dumb terminal). */
  noColour: boolean;
  /** True if colours are wanted even off a terminal. */
  forceColour: boolean;
  /** Command of the editor that was named. */
  editor?: string;
}

const text = z.string().min(1).optional().catch(undefined);
const schema = z.object({
  ISTHMUS_CONFIG: text,
  ISTHMUS_SERVER: text,
  ISTHMUS_TOKEN: text,
  KUBECONFIG: text,
  XDG_CONFIG_HOME: text,
  NO_COLOR: text,
  FORCE_COLOR: text,
  TERM: text,
  VISUAL: text,
  EDITOR: text,
});

function configFolder(xdg: string | undefined, home: () => string): string {
  return xdg ?? join(toldOr(home, '/'), '.config');
}

/** Reads the environment once; unset and empty variables are the same. `home` may throw: then it is the root. */
export function readEnv(
  source: Readonly<Record<string, string | undefined>> = process.env,
  home: () => string = homedir,
): CliEnv {
  const env = schema.parse(source);
  const editor = [env.VISUAL, env.EDITOR].find((command) => command !== undefined);
  return {
    configFile: env.ISTHMUS_CONFIG ?? join(configFolder(env.XDG_CONFIG_HOME, home), 'isthmus', 'config'),
    ...(env.ISTHMUS_SERVER && { server: env.ISTHMUS_SERVER }),
    ...(env.KUBECONFIG && { kubeconfig: env.KUBECONFIG }),
    ...(env.ISTHMUS_TOKEN && { token: env.ISTHMUS_TOKEN }),
    noColour: env.NO_COLOR !== undefined || env.TERM === 'dumb',
    ...(editor && { editor }),
    forceColour: env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0',
  };
}
