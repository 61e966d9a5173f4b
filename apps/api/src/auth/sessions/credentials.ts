import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../authenticator.js';
import type { Cookies } from './cookies.js';
import { mayUseCookie } from './same-origin.js';

/** Finds what a request shows. */
export interface CredentialReader {
  /** Of a request for data: the cookie counts only where a script of this very origin sent it. */
  ofRequest: (request: IncomingMessage) => Credentials;
  /** Of a socket: the cookie counts only where a page of this very origin opened it. */
  ofSocket: (request: IncomingMessage, authorization: unknown) => Credentials;
}

export function credentialReader(cookies: Cookies, publicUrl: URL): CredentialReader {
  const credentials = (request: IncomingMessage, authorization: unknown, isOurs: boolean): Credentials => {
    const cookie = isOurs ? cookies.session(request) : undefined;
    return { authorization, ...(cookie === undefined ? {} : { cookie }) };
  };
  return {
    ofRequest: (request) => credentials(request, request.headers.authorization, mayUseCookie(request, publicUrl)),
    ofSocket: (request, authorization) =>
      credentials(request, authorization, request.headers.origin === publicUrl.origin),
  };
}
