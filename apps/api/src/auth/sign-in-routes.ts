import { randomBytes } from 'node:crypto';
import express, { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import type { Clock } from '@isthmus/platform';
import { LOCAL_PROVIDER } from '@isthmus/store';
import { createAddressLimit } from '../agent-gateway/address-limit.js';
import { requestIdOf } from '../server/request-id.js';
import type { Authenticator } from './authenticator.js';
import { backChannel } from './oidc/back-channel.js';
import { homePage, loginPage, refusedPage, signedOutPage } from './pages/sign-in-pages.js';
import { safeReturnTo } from './return-to.js';
import type { Cookies } from './sessions/cookies.js';
import { isSameOrigin } from './sessions/same-origin.js';
import type { OpenedSession } from './sessions/open-session.js';
import { sessionState } from './sessions/session-state.js';
import { SignInError } from './sign-in-error.js';
import type { SignIn, Visitor } from './sign-in.js';
import { endSession, signOut } from './sessions/sign-out.js';
import type { Viewer } from './viewer.js';

export interface SignInDoors {
  signIn: SignIn;
  authenticator: Authenticator;
  cookies: Cookies;
  /** Before what anybody may begin. */
  limited: RequestHandler;
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;
export const readForm = express.urlencoded({ extended: false, limit: '16kb' });

/** Pages and redirects under /auth that sign people in and out. */
export function signInRoutes(doors: SignInDoors): Router {
  const { signIn, cookies } = doors;
  const { publicUrl } = signIn.settings;
  const router = Router();
  router.get('/', async (request, response) => {
    const viewer = await viewerOfPage(doors, request);
    if (viewer === undefined) return response.redirect(303, '/auth/login');
    homePage(response, viewer);
  });
  router.get('/session', sessionState(doors));
  router.get('/login', async (request, response) => {
    const returnTo = safeReturnTo(request.query['return_to'], publicUrl);
    const providers = [...signIn.providers.values()].map(({ settings: { name, title } }) => ({ name, title }));
    loginPage(response, { providers, returnTo, isLocalOpen: await signIn.local.isOpen() });
  });
  router.post('/local', doors.limited, sameOrigin(publicUrl), readForm, async (request, response) => {
    const { name = '', password = '', code = '', return_to: wanted } = formOf(request);
    const opened = await signIn.local.enter({ name, password, code }, visitorOf(request));
    await enter(doors, { request, response }, { ...opened, returnTo: safeReturnTo(wanted, publicUrl) });
  });
  router.get('/login/:provider', doors.limited, async (request: Request<{ provider: string }>, response) => {
    const browser = browserOf(doors, request) ?? randomBytes(32).toString('base64url');
    const returnTo = safeReturnTo(request.query['return_to'], publicUrl);
    const url = await signIn.begin(request.params.provider, { browser, returnTo });
    cookies.set(response, 'browser', { value: browser });
    response.setHeader('Cache-Control', 'no-store').redirect(303, url.href);
  });
  router.get('/callback/:provider', async (request, response) => {
    const query = new URL(request.originalUrl, publicUrl).searchParams;
    const returned = { browser: browserOf(doors, request) ?? '', query };
    const opened = await signIn.complete(request.params.provider, returned, visitorOf(request));
    await enter(doors, { request, response }, opened);
  });
  router.post('/back-channel/:provider', readForm, backChannel(signIn));
  router.post('/logout', sameOrigin(publicUrl), async (request, response) => {
    const secret = cookies.session(request);
    const url = secret === undefined ? undefined : await signOut(signIn, secret, visitorOf(request));
    cookies.clear(response, 'session');
    signedOutPage(response, url?.href);
  });
  return router;
}

/** The browser has a new session; the one that it had ends, so that nobody planted it. */
export async function enter(
  { signIn, cookies }: SignInDoors,
  { request, response }: { request: Request; response: Response },
  opened: OpenedSession & { returnTo: string },
): Promise<void> {
  const before = cookies.session(request);
  if (before !== undefined) await endSession(signIn, before, visitorOf(request));
  cookies.set(response, 'session', { value: opened.secret, maxAgeMs: signIn.settings.browser.lifeMs });
  response.setHeader('Cache-Control', 'no-store').redirect(303, opened.returnTo);
}

/** Pages show themselves to navigations, which carry no header of ours: reading them changes nothing. */
export async function viewerOfPage(
  { authenticator, cookies }: SignInDoors,
  request: Request,
): Promise<Viewer | undefined> {
  const cookie = cookies.session(request);
  return cookie === undefined
    ? undefined
    : authenticator.authenticate({ authorization: undefined, cookie }, visitorOf(request));
}

export function visitorOf(request: Request): Visitor {
  return { requestId: requestIdOf(request), ip: request.ip ?? '', device: request.headers['user-agent'] ?? '' };
}

function browserOf({ cookies }: SignInDoors, request: Request): string | undefined {
  const value = cookies.read(request, 'browser');
  return value !== undefined && SECRET.test(value) ? value : undefined;
}

/** Forms of other sites do nothing here. */
export function sameOrigin(publicUrl: URL): RequestHandler {
  return (request, _response, next) =>
    isSameOrigin(request, publicUrl) ? next() : next(new SignInError('ISM0990', 'a form of another origin'));
}

/**
 * What begins a sign-in is limited, since it makes a row for anybody, and so are codes that are tried. Signing out is not, and a provider
 * must always be heard when it signs out many people from its one address.
 */
export function limitedBeginnings(clock: Clock): RequestHandler {
  const limit = createAddressLimit(clock);
  return (request, response, next) => {
    const turn = limit.take(request.ip ?? '');
    if (turn.ok) return next();
    next(new SignInError('ISM0996', '', { retryAfterSeconds: turn.retryAfterSeconds }));
  };
}

/** Shows why nobody was signed in, and counts it; other errors go on. */
export function refusedSignIn({ signIn }: SignInDoors): ErrorRequestHandler {
  // eslint-disable-next-line max-params -- Express knows an error handler by its four parameters
  return (error: unknown, request, response, next) => {
    if (!(error instanceof SignInError)) return next(error);
    const { fault, detail, more } = error;
    const door = doorOf(request.path);
    const [requestId, ip] = [requestIdOf(request), request.ip ?? ''];
    signIn.parts.log.warn({ fault, detail, door, ip, requestId }, 'a sign-in was refused');
    if (more.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(more.retryAfterSeconds));
    if (more.isAudited !== true) signIn.refused.note({ org: signIn.settings.organization, fault, door, ip });
    refusedPage(response, error, requestId);
  };
}

/** Which way in a path is: the name of a provider, `(local)`, or all of them. */
function doorOf(path: string): string {
  if (/^\/(auth\/)?local$/.test(path)) return LOCAL_PROVIDER;
  return /^\/(?:auth\/)?(?:(?:callback|login)\/|(?=loopback$))([a-z0-9-]{1,32})$/.exec(path)?.[1] ?? 'auth';
}

/** Fields of a form that are texts. */
export function formOf(request: Request): Record<string, string | undefined> {
  const body = (request.body ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
