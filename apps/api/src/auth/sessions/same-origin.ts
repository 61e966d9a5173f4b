import type { IncomingMessage } from 'node:http';

type Headers = Pick<IncomingMessage, 'headers'>;

/** A header that no form and no other site can send without being asked first; cookies count only beside it. */
export const CSRF_HEADER = 'x-isthmus-csrf';

/** True if a page of this very origin sent the request; a browser that says neither way does not count. */
export function isSameOrigin({ headers }: Headers, publicUrl: URL): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === undefined ? site === 'same-origin' : origin === publicUrl.origin;
}

/** True if a cookie may speak for the request: a script of this origin sent it. Old browsers that name no site pass by the header. */
export function mayUseCookie({ headers }: Headers, publicUrl: URL): boolean {
  if (headers[CSRF_HEADER] === undefined) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return headers.origin === undefined || headers.origin === publicUrl.origin;
}
