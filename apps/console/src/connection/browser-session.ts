/** Forms and other sites cannot send it: the cookie counts only beside it. */
export const CSRF_HEADER = { 'x-isthmus-csrf': '1' };

/** Whether the browser has a session that counts, and the ways to get one. */
export interface BrowserSession {
  signedIn: boolean;
  /** Who it is; absent where nobody is signed in. */
  actor?: string;
  providers: readonly { name: string; title: string }[];
  /** True while there is a door for names and passwords. */
  isLocalOpen: boolean;
}

const NONE: BrowserSession = { signedIn: false, providers: [], isLocalOpen: false };

/** Asks the server, which counts as no use of the session; nothing if it does not answer. */
export async function askBrowserSession(fetcher: typeof fetch = fetch): Promise<BrowserSession> {
  try {
    const response = await fetcher('/auth/session', { headers: CSRF_HEADER });
    return response.ok ? ((await response.json()) as BrowserSession) : NONE;
  } catch {
    return NONE;
  }
}

/** Where signing in begins, with the provider of this name or, without one, at the page of all ways; it comes back to the address that is shown now. */
export function signInAddress({ pathname, search, hash }: Location, provider?: string): string {
  const door = provider === undefined ? '/auth/login' : `/auth/login/${provider}`;
  return `${door}?return_to=${encodeURIComponent(`${pathname}${search}${hash}`)}`;
}
