/** Where a page of this API may send the browser after signing in: a path of its own, or `/auth` for everything else. */
export function safeReturnTo(text: unknown, publicUrl: URL): string {
  if (typeof text !== 'string' || text.length > 1000 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text)) return HOME;
  if (text.includes('\\') || !URL.canParse(text, publicUrl.href)) return HOME;
  const url = new URL(text, publicUrl);
  return url.origin === publicUrl.origin ? `${url.pathname}${url.search}${url.hash}`.replace(/^\/{2,}/, '/') : HOME;
}

const HOME = '/auth';
