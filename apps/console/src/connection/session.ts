const KEY = 'isthmus-token';
const PERSON = 'isthmus-person';
const DRAFT = 'isthmus-draft ';

type TextStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** By what requests are let in: a token of this tab, the session of this browser, or nothing. */
export type Standing = 'token' | 'browser' | 'out';

/** Who is signed in, in this tab. A token is gone when the tab is closed, and never in a URL. */
export interface Session {
  standing: () => Standing;
  token: () => string | undefined;
  /** Who it is, as the server names him; empty where that was not told. */
  person: () => string;
  signIn: (token: string, person?: string) => void;
  /** The browser has a session that counts, of this person. */
  enter: (person?: string) => void;
  /** It ended without being asked to: `reason` is shown where one signs in again, and texts that were being written are kept. */
  end: (reason: string) => void;
  /** Somebody signs out: nothing that was being written is left. */
  leave: () => void;
  reason: () => string | undefined;
  subscribe: (listener: () => void) => () => void;
}

/** A session over a store for texts, such as the tab's; `hasBrowserSession` and whose it is as the server said it. */
export function createSession(store: TextStore, hasBrowserSession = false, owner = ''): Session {
  const listeners = new Set<() => void>();
  let inBrowser = hasBrowserSession;
  let inBrowserAs = owner;
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
      store.removeItem(PERSON);
      inBrowser = false;
    });
  return {
    standing,
    token,
    reason: () => reason,
    person: () => (standing() === 'browser' ? inBrowserAs : (store.getItem(PERSON) ?? '')),
    signIn: (given, person = '') =>
      change(undefined, () => {
        store.setItem(KEY, given);
        store.setItem(PERSON, person);
      }),
    enter: (person = '') =>
      change(undefined, () => {
        inBrowser = true;
        inBrowserAs = person;
      }),
    end: (why) => (standing() === 'out' ? undefined : forget(why)),
    leave: () => forget(undefined),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Under which name the text is kept that a person is writing at an address: whoever signs in next in the tab is not shown it. */
export const draftKey = (person: string, address: string): string => `${DRAFT}${JSON.stringify([person, address])}`;

/** Forgets all texts that were being written in this tab. */
export function forgetDrafts(store: Storage): void {
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '');
  for (const key of keys.filter((one) => one.startsWith(DRAFT))) store.removeItem(key);
}
