import { issue } from '@isthmus/domain';
import type { CliEnv } from '../env.js';
import { done, failed, type Outcome } from '../outcome.js';
import { contextNamed, readContexts } from './contexts.js';

/** Where requests go. */
export interface Server {
  url: URL;
  token: string;
}

/**
 * The server of a command: that of `--context`; else that of the environment; else that of the current context. ISTHMUS_TOKEN alone
 * replaces the token of the current context; ISTHMUS_SERVER alone is refused, because a token belongs to its server.
 */
export async function resolveServer(env: CliEnv, contextName: string | undefined): Promise<Outcome<Server>> {
  if (contextName !== undefined) return contextServer(env, { name: contextName });
  if (env.server === undefined) return contextServer(env, { token: env.token });
  if (env.token !== undefined) return serverOf(env.server, env.token);
  return failed(issue('ISM0611', { message: 'ISTHMUS_SERVER is set, but ISTHMUS_TOKEN is not' }));
}

async function contextServer(env: CliEnv, chosen: { name?: string; token?: string }): Promise<Outcome<Server>> {
  const contexts = await readContexts(env.configFile);
  if (!contexts.ok) return contexts;
  const name = chosen.name ?? contexts.value.currentContext;
  if (name === undefined) return failed(issue('ISM0611', { message: 'no server is known', hint: LOGIN }));
  const context = contextNamed(contexts.value, name);
  return context.ok ? serverOf(context.value.server, chosen.token ?? context.value.token) : context;
}

const LOGIN = 'isthmus login --server URL --token-file FILE';

/** The server at an address: http or https, with or without the path of the API. */
export function serverOf(address: string, token: string): Outcome<Server> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    const hint = 'write it like https://isthmus.example.com';
    return failed(issue('ISM0611', { message: 'the address of the server is no URL of http or https', hint }));
  }
  if (/[^\x21-\x7e]/.test(token))
    return failed(issue('ISM0616', { message: 'the token holds blanks or other characters' }));
  if (!url.pathname.endsWith('/graphql')) url.pathname = `${url.pathname.replace(/\/+$/, '')}/graphql`;
  return done({ url, token });
}

/** True if the token would cross a network in the clear. */
export function isPlaintext({ url }: Server): boolean {
  return url.protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
