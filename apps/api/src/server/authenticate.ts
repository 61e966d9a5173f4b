import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Passport } from 'passport';
import type { Authenticator } from '../auth/authenticator.js';
import { CredentialStrategy, STRATEGIES } from '../auth/credential-strategy.js';
import type { CredentialReader } from '../auth/sessions/credentials.js';
import { unauthenticated, type Viewer } from '../auth/viewer.js';
import { refuse } from './answers.js';
import { requestIdOf } from './request-id.js';

const viewers = new WeakMap<object, Viewer>();

/** The caller of a request that passed `requireCaller`. */
export function viewerOf(request: object): Viewer {
  const viewer = viewers.get(request);
  if (viewer === undefined) throw new Error('the request did not pass the door');
  return viewer;
}

/** Lets signed-in callers pass and answers 401 to all others, before anything of the request is read. */
export function requireCaller(authenticator: Authenticator, credentials: CredentialReader): RequestHandler {
  const passport = new Passport();
  const [token, session] = STRATEGIES;
  passport.use(
    new CredentialStrategy(token, authenticator, ({ headers: { authorization } }) =>
      authorization === undefined ? undefined : { authorization },
    ),
  );
  passport.use(
    new CredentialStrategy(session, authenticator, (request) => {
      const shown = credentials.ofRequest(request);
      return shown.authorization === undefined ? shown : undefined;
    }),
  );
  return (request: Request, response: Response, next: NextFunction) => {
    const settle = (error: unknown, viewer: Viewer | false | null | undefined): void => {
      if (error) return next(error);
      if (viewer) {
        viewers.set(request, viewer);
        return next();
      }
      response.setHeader('WWW-Authenticate', 'Bearer realm="isthmus"');
      refuse(response, 401, {
        code: 'UNAUTHENTICATED',
        message: unauthenticated().message,
        requestId: requestIdOf(request),
      });
    };
    const handler = passport.authenticate([...STRATEGIES], { session: false }, settle) as RequestHandler;
    void handler(request, response, next);
  };
}
