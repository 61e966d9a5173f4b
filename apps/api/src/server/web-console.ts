import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type RequestHandler, Router } from 'express';

const FOLDER = fileURLToPath(new URL('../../dist/console/', import.meta.url));

/** The documents that the console asks with, by hash; written when it is built. */
export const CONSOLE_DOCUMENTS = join(FOLDER, 'documents.json');

/** Where the web console is. */
export const CONSOLE_PATH = '/console';

/** Nothing from elsewhere, nothing inline: scripts, styles and fonts are our own files. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'", // signing out is a form: it leads on to the identity provider
  "frame-ancestors 'none'",
].join('; ');

const YEAR_MS = 365 * 86_400_000;

/** The web console: its files, and its page at every address below that names no file, since addresses are read in the browser. */
export function webConsole(folder: string = FOLDER): RequestHandler {
  const router = Router();
  router.use((_request, response, next) => {
    response.setHeader('Content-Security-Policy', POLICY);
    // Browsers send a form without its origin under `no-referrer`, and signing out is refused then.
    response.setHeader('Referrer-Policy', 'same-origin');
    next();
  });
  router.use(compression());
  // Their names change with their content.
  router.use('/assets', express.static(`${folder}/assets`, { fallthrough: false, immutable: true, maxAge: YEAR_MS }));
  router.get('/{*address}', (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: folder }, (error?: Error) =>
      error === undefined ? undefined : next(error),
    );
  });
  return router;
}
