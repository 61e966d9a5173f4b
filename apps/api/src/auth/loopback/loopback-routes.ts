import { Router, type Request, type RequestHandler } from 'express';
import { SignInError } from '../sign-in-error.js';
import { enter, visitorOf, type SignInDoors } from '../sign-in-routes.js';
import { isBoundToLoopback, isFromLoopback } from './from-loopback.js';
import { LoopbackLinks } from './loopback-links.js';

/** Sign-in by a link that is used once, from this machine: `host` is what the API listens on. */
export function loopbackRoutes(doors: SignInDoors, host: string): Router {
  const links = new LoopbackLinks(doors.signIn);
  const router = Router();
  router.use('/loopback', onThisMachine(isBoundToLoopback(host, doors.signIn.settings.publicUrl)));
  router.post('/loopback', doors.limited, async (request, response) => {
    const { authorization } = request.headers;
    const viewer = await doors.authenticator.authenticate({ authorization }, visitorOf(request));
    const { url, expiresAt } = await links.make(viewer);
    response.setHeader('Cache-Control', 'no-store').status(201).json({ url: url.href, expiresAt });
  });
  router.get('/loopback', doors.limited, async (request, response) => {
    if (isAhead(request)) return void response.setHeader('Cache-Control', 'no-store').status(503).end();
    const { link } = request.query;
    const opened = await links.take(typeof link === 'string' ? link : '', visitorOf(request));
    response.setHeader('Referrer-Policy', 'no-referrer');
    await enter(doors, { request, response }, opened);
  });
  return router;
}

function onThisMachine(isBound: boolean): RequestHandler {
  return (request, _response, next) => {
    if (!isBound) return next(new SignInError('ISM0989', 'the API is not bound to the loopback'));
    next(isFromLoopback(request) ? undefined : new SignInError('ISM0989', 'not from the loopback'));
  };
}

/** Browsers and others look at links before somebody opens them: that must not use one up. */
function isAhead({ method, headers }: Request): boolean {
  const purpose = `${String(headers['sec-purpose'])} ${String(headers['purpose'])}`;
  return method !== 'GET' || purpose.includes('prefetch');
}
