const KEY = 'isthmus-token';
const DRAFT = 'isthmus-draft ';

type TextStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** By what requests are let in: a token of this tab, the session of this browser, or nothing. */
export type Standing = 'token' | 'browser' | 'out';

/** Who is signed in, in this tab. A token is gone when the tab is closed, and never in a URL. */
export interface Session {
  standing: () => Standing;
  token: () => string | undefined;
  signIn: (token: string) => void;
  /** The browser has a session that counts. */
  enter: () => void;
  /** It ended without being asked to: `reason` is shown where one signs in again, and texts that were being written are kept. */
  end: (reason: string) => void;
  /** Somebody signs out: nothing that was being written is left. */
  leave: () => void;
  reason: () => string | undefined;
  subscribe: (listener: () => void) => () => void;
}

/** A session over a store for texts, such as the tab's; `hasBrowserSession` as the server said it. */
export function createSession(store: TextStore, hasBrowserSession = false): Session {
  const listeners = new Set<() => void>();
  let inBrowser = hasBrowserSession;
  let reason: string | undefined;
  const token = (): string | undefined => store.getItem(KEY) ?? undefined;
  const standing = (): Standing => (token() === undefined ? (inBrowser ? 'browser' : 'out') : 'token');
  const change = (why: string | undefined, how: () => void): void => {
    reason = why;
    how();
    listeners.forEach((listener) => listener());
  };
  const forget = (why: string | undefined): void =>
    change(why, () => {
      store.removeItem(KEY);
      inBrowser = false;
    });
  return {
    standing,
    token,
    reason: () => reason,
    signIn: (given) => change(undefined, () => store.setItem(KEY, given)),
    enter: () => change(undefined, () => (inBrowser = true)),
    end: (why) => (standing() === 'out' ? undefined : forget(why)),
    leave: () => forget(undefined),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Under which name the text is kept that is being written at an address. */
export const draftKey = (address: string): string => `${DRAFT}${address}`;

/** Forgets all texts that were being written in this tab. */
export function forgetDrafts(store: Storage): void {
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '');
  for (const key of keys.filter((one) => one.startsWith(DRAFT))) store.removeItem(key);
}
