import type { Authenticator, Credentials } from '../auth/authenticator.js';
import type { Viewer } from '../auth/viewer.js';

/** With the time that a look takes, what is revoked is cut within five seconds. */
const INTERVAL_MS = 3_000;

/** Calls back once the credentials of an open stream stop counting, or give other rights than it began with; answers how to stop watching. */
export type Watch = (credentials: Credentials, viewer: Viewer, onLoss: () => void) => () => void;

interface Watched {
  listeners: Set<() => void>;
  timer: NodeJS.Timeout;
  /** Rights that the first stream began with; one that begins with others sees them change at the next look. */
  rights: string;
}

/** Looks again and again at what open streams were let in with: once for all streams of the same credential. */
export function tokenWatch(authenticator: Authenticator, intervalMs = INTERVAL_MS): Watch {
  const watched = new Map<string, Watched>();
  const check = async (key: string, credentials: Credentials): Promise<void> => {
    const one = watched.get(key);
    const viewer = await authenticator.authenticate(credentials, { requestId: '', ip: '' }, true);
    if (one === undefined || (viewer !== undefined && rightsText(viewer) === one.rights)) return;
    drop(key);
    for (const onLoss of one.listeners) onLoss();
  };
  const drop = (key: string): void => {
    clearInterval(watched.get(key)?.timer);
    watched.delete(key);
  };
  const begin = (key: string, credentials: Credentials, viewer: Viewer): Watched => {
    // A database that does not answer says nothing about the credential: the next round asks again.
    const look = () => void check(key, credentials).catch(() => undefined);
    const one = { listeners: new Set<() => void>(), timer: setInterval(look, intervalMs), rights: rightsText(viewer) };
    one.timer.unref();
    watched.set(key, one);
    look();
    return one;
  };
  return (credentials, viewer, onLoss) => {
    const key = JSON.stringify([credentials.authorization, credentials.cookie]);
    const one = watched.get(key) ?? begin(key, credentials, viewer);
    one.listeners.add(onLoss);
    return () => {
      one.listeners.delete(onLoss);
      if (one.listeners.size === 0 && watched.get(key) === one) drop(key);
    };
  };
}

function rightsText({ subject, rights }: Viewer): string {
  const grants = rights.grants.map(({ role, scope, permissions }) => [role, scope, [...permissions].sort()]);
  return JSON.stringify([subject, grants]);
}
