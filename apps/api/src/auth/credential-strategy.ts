import type { Request } from 'express';
import passport from 'passport';
import type { Authenticator, Credentials } from './authenticator.js';
import { requestIdOf } from '../server/request-id.js';

/** Passport's names of our strategies, in the order in which they are tried. */
export const STRATEGIES = ['isthmus-token', 'isthmus-session'] as const;

/** What of a request a strategy looks at; undefined: nothing that is its matter. */
type Look = (request: Request) => Credentials | undefined;

/** One kind of credential as a passport strategy, so that others can stand beside it. */
export class CredentialStrategy extends passport.Strategy {
  constructor(
    override readonly name: (typeof STRATEGIES)[number],
    private readonly authenticator: Authenticator,
    private readonly look: Look,
  ) {
    super();
  }

  override authenticate(request: Request): void {
    const credentials = this.look(request);
    if (credentials === undefined) return this.fail('Bearer realm="isthmus"', 401);
    const origin = { requestId: requestIdOf(request), ip: request.ip ?? '' };
    this.authenticator.authenticate(credentials, origin).then(
      (viewer) => (viewer === undefined ? this.fail('Bearer realm="isthmus"', 401) : this.success(viewer)),
      (error: unknown) => this.error(error),
    );
  }
}
