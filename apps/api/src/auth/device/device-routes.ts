import { Router } from 'express';
import { requestIdOf } from '../../server/request-id.js';
import { html, sendPage } from '../pages/page.js';
import { SignInError } from '../sign-in-error.js';
import {
  formOf,
  limitedBeginnings,
  readForm,
  sameOrigin,
  viewerOfPage,
  visitorOf,
  type SignInDoors,
} from '../sign-in-routes.js';
import { DeviceLogins, POLL_SECONDS } from './device-login.js';
import { userCodeOf } from './user-code.js';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
const CLIENT = 'isthmus-cli';

/** Sign-in of command lines (RFC 8628): they ask and poll; the page is for the person. */
export function deviceRoutes(doors: SignInDoors): Router {
  const logins = new DeviceLogins(doors.signIn);
  const { publicUrl } = doors.signIn.settings;
  const router = Router();
  devicePages(router, doors, logins);
  router.post('/device/code', doors.limited, readForm, async (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    const form = formOf(request);
    if (form['client_id'] !== CLIENT) return void response.status(400).json({ error: 'invalid_client' });
    if (doors.signIn.providers.size === 0 && !(await doors.signIn.local.isOpen()))
      return void response.status(404).json({ error: 'unsupported_grant_type' });
    const begun = await logins.begin({ ...visitorOf(request), device: form['device'] ?? '' });
    const page = new URL('/auth/device', publicUrl);
    const complete = new URL(page);
    complete.searchParams.set('user_code', begun.userCode);
    response.json({
      device_code: begun.deviceCode,
      user_code: begun.userCode,
      verification_uri: page.href,
      verification_uri_complete: complete.href,
      expires_in: begun.expiresInSeconds,
      interval: POLL_SECONDS,
    });
  });
  router.post('/token', readForm, async (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    const form = formOf(request);
    if (form['grant_type'] !== GRANT_TYPE) return void response.status(400).json({ error: 'unsupported_grant_type' });
    const { ip } = visitorOf(request);
    const result = await logins.poll(form['device_code'] ?? '', { ip, requestId: requestIdOf(request) });
    if (result.error !== undefined) return void response.status(400).json({ error: result.error });
    const seconds = Math.floor((result.session.expiresAt.getTime() - result.session.createdAt.getTime()) / 1000);
    response.json({ access_token: result.secret, token_type: 'Bearer', expires_in: seconds });
  });
  return router;
}

/** What the person sees and decides. */
function devicePages(router: Router, doors: SignInDoors, logins: DeviceLogins): void {
  // A code is short, so that people can type it: whoever tries many is slowed down (RFC 8628, section 5.1).
  const guesses = limitedBeginnings(doors.signIn.parts.clock);
  router.get('/device', guesses, async (request, response) => {
    const code = typeof request.query['user_code'] === 'string' ? request.query['user_code'] : '';
    const viewer = await viewerOfPage(doors, request);
    if (viewer === undefined) {
      const here = `/auth/device${code === '' ? '' : `?user_code=${encodeURIComponent(code)}`}`;
      return response.redirect(303, `/auth/login?return_to=${encodeURIComponent(here)}`);
    }
    const login = await logins.waiting(code);
    const shown = userCodeOf(code);
    if (login === undefined || shown === undefined) {
      const body = html`<p>
          ${code === '' ? 'Type the code that the command line shows.' : 'Nothing waits under this code any more.'}
        </p>
        <form method="get" action="/auth/device">
          <label>Code <input name="user_code" autocomplete="off" required /></label><button type="submit">Go on</button>
        </form>`;
      return sendPage(response, { title: 'Let a command line in', body });
    }
    const body = html`<p>
        <strong>${login.device || 'A command line'}</strong> at ${login.ip} asks to act as
        <strong>${viewer.account?.name}</strong>, with code <code>${shown}</code>.
      </p>
      <p>Let it in only if you started it yourself just now, and it shows this very code.</p>
      <form method="post" action="/auth/device">
        <input type="hidden" name="user_code" value="${shown}" />
        <button type="submit" name="decision" value="approve">Let it in</button>
        <button type="submit" name="decision" value="deny">Refuse</button>
      </form>`;
    sendPage(response, { title: 'Let a command line in?', body });
  });
  router.post('/device', guesses, sameOrigin(doors.signIn.settings.publicUrl), readForm, async (request, response) => {
    const viewer = await viewerOfPage(doors, request);
    if (viewer === undefined) throw new SignInError('ISM0990', 'no session');
    const { user_code: code, decision } = formOf(request);
    const approve = decision === 'approve';
    const done = await logins.decide(viewer, code, approve);
    const said = approve ? 'It is let in. You can close this page.' : 'It is refused.';
    sendPage(response, {
      title: 'Command line',
      body: html`<p>${done ? said : 'Nothing waits under this code any more.'}</p>`,
    });
  });
}
