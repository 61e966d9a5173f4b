import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type RequestHandler, Router } from 'express';

const FOLDER = fileURLToPath(new URL('../../dist/console/', import.meta.url));

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
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const YEAR_MS = 365 * 86_400_000;

/** The web console: its files, and its page at every address below that names no file, since addresses are read in the browser. */
export function webConsole(folder: string = FOLDER): RequestHandler {
  const router = Router();
  router.use((_request, response, next) => {
    response.setHeader('Content-Security-Policy', POLICY);
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
