import type { RequestHandler } from 'express';
import { visitorOf, type SignInDoors } from '../sign-in-routes.js';
import { mayUseCookie } from './same-origin.js';

/** What the console must know before it asks for anything: whether the browser has a session that counts, and the ways to get one. */
export interface SessionState {
  signedIn: boolean;
  /** Who it is, as audit rows name it: what somebody was writing is kept for nobody else. */
  actor?: string;
  providers: { name: string; title: string }[];
  /** True while the local door is open: the page at /auth/login has it. */
  isLocalOpen: boolean;
}

/** Answers the state; asking counts as no use of the session. */
export function sessionState({ signIn, authenticator, cookies }: SignInDoors): RequestHandler {
  return async (request, response) => {
    const cookie = mayUseCookie(request, signIn.settings.publicUrl) ? cookies.session(request) : undefined;
    const shown = { authorization: undefined, ...(cookie === undefined ? {} : { cookie }) };
    const viewer = await authenticator.authenticate(shown, visitorOf(request), true);
    const providers = [...signIn.providers.values()].map(({ settings: { name, title } }) => ({ name, title }));
    const state: SessionState = {
      signedIn: viewer !== undefined,
      ...(viewer && { actor: viewer.actor }),
      providers,
      isLocalOpen: await signIn.local.isOpen(),
    };
    response.setHeader('Cache-Control', 'no-store').json(state);
  };
}
