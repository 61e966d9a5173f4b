import { randomBytes } from 'node:crypto';
import type { Clock, Logger } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { Authenticator } from '../auth/authenticator.js';
import type { Patience } from '../auth/oidc/patience.js';
import { createSealer, type Sealer } from '../auth/sealer.js';
import { credentialReader, type CredentialReader } from '../auth/sessions/credentials.js';
import { Cookies } from '../auth/sessions/cookies.js';
import { SignIn } from '../auth/sign-in.js';
import { limitedBeginnings, type SignInDoors } from '../auth/sign-in-routes.js';
import { NO_SIGN_IN, type SignInSettings } from '../auth/sign-in-settings.js';

export interface SignInOptions {
  settings: SignInSettings;
  sealer: Sealer;
  /** With providers; as usual if nothing is said. */
  patience?: Patience;
}

/** What lets people in; without settings there are no providers, and no tokens of theirs to seal. */
export function openSignIn(options: {
  store: Store;
  clock: Clock;
  log: Logger;
  signIn?: SignInOptions;
}): SignInDoors & { credentials: CredentialReader } {
  const { store, clock, log } = options;
  const chosen: SignInOptions = options.signIn ?? { settings: NO_SIGN_IN, sealer: createSealer(randomBytes(32)) };
  const { settings } = chosen;
  const cookies = new Cookies(settings.publicUrl);
  return {
    signIn: new SignIn({ store, clock, log, ...chosen }),
    authenticator: new Authenticator({ store, clock, settings }),
    cookies,
    limited: limitedBeginnings(clock),
    credentials: credentialReader(cookies, settings.publicUrl),
  };
}
