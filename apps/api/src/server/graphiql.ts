import { fileURLToPath } from 'node:url';
import express, { type RequestHandler } from 'express';

const FOLDER = fileURLToPath(new URL('../../dist/graphiql/', import.meta.url));

/** Nothing from elsewhere: scripts and styles are our own files; the editor sets styles on its own elements. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The GraphiQL page at /graphiql. It holds no data: every query it sends needs a token. */
export function graphiql(): RequestHandler {
  const files = express.static(FOLDER, { index: 'index.html', fallthrough: false, redirect: true });
  return (request, response, next) => {
    response.setHeader('Content-Security-Policy', POLICY);
    files(request, response, next);
  };
}
