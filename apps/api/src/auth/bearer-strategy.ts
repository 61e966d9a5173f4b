import type { Request } from 'express';
import passport from 'passport';
import type { Authenticator } from './authenticator.js';
import { requestIdOf } from '../server/request-id.js';

/** Passport's name of our strategy. */
export const BEARER_STRATEGY = 'isthmus-token';

/** API tokens as a passport strategy, so that other ways to sign in can stand beside it. */
export class BearerTokenStrategy extends passport.Strategy {
  override readonly name = BEARER_STRATEGY;

  constructor(private readonly authenticator: Authenticator) {
    super();
  }

  override authenticate(request: Request): void {
    const origin = { requestId: requestIdOf(request), ip: request.ip ?? '' };
    this.authenticator.authenticate(request.headers.authorization, origin).then(
      (viewer) => (viewer === undefined ? this.fail('Bearer realm="isthmus"', 401) : this.success(viewer)),
      (error: unknown) => this.error(error),
    );
  }
}
