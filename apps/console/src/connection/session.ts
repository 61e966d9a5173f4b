const KEY = 'isthmus-token';

/** The API token of this tab. It is gone when the tab is closed, and never in a URL. */
export interface Session {
  token: () => string | undefined;
  signIn: (token: string) => void;
  /** `reason` is shown where one signs in again. */
  signOut: (reason?: string) => void;
  reason: () => string | undefined;
  subscribe: (listener: () => void) => () => void;
}

/** A session over a store for texts, such as the tab's. */
export function createSession(store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): Session {
  const listeners = new Set<() => void>();
  let reason: string | undefined;
  const tell = (): void => listeners.forEach((listener) => listener());
  return {
    token: () => store.getItem(KEY) ?? undefined,
    reason: () => reason,
    signIn: (token) => {
      reason = undefined;
      store.setItem(KEY, token);
      tell();
    },
    signOut: (why) => {
      if (store.getItem(KEY) === null) return;
      reason = why;
      store.removeItem(KEY);
      tell();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
