import type { Response } from 'express';
import { ISSUE_CATALOG } from '@isthmus/domain';
import type { Viewer } from '../viewer.js';
import type { SignInError } from '../sign-in-error.js';
import { html, type Html, sendPage } from './page.js';

/** Ways to sign in. */
export function loginPage(
  response: Response,
  ways: { providers: readonly { name: string; title: string }[]; returnTo: string; isLocalOpen: boolean },
): void {
  const { providers, returnTo, isLocalOpen } = ways;
  const to = encodeURIComponent(returnTo);
  const links = providers.map(
    ({ name, title }) =>
      html`<p><a class="action" href="/auth/login/${name}?return_to=${to}">Sign in with ${title}</a></p>`,
  );
  const nothing = html`<p>No identity provider is set up here. Use an API token, or see docs/sign-in.md.</p>`;
  const local = isLocalOpen ? localForm(returnTo) : undefined;
  const body = html`${providers.length === 0 && !isLocalOpen ? nothing : links}${local}`;
  sendPage(response, { title: 'Sign in', body });
}

/** For the day on which no provider answers. */
function localForm(returnTo: string): Html {
  return html`<form method="post" action="/auth/local">
    <h2>Local administrator</h2>
    <input type="hidden" name="return_to" value="${returnTo}" />
    <label>Name <input name="name" autocomplete="username" required /></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
    <label
      >One-time code, if it was set up
      <input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="7"
    /></label>
    <button type="submit">Sign in</button>
  </form>`;
}

/** Who is signed in, and the way out. */
export function homePage(response: Response, viewer: Viewer): void {
  const body = html`<p>Signed in as <strong>${viewer.account?.name}</strong> (${viewer.role}).</p>
    <p><a class="action" href="/console/">Web console</a> <a class="action" href="/graphiql/">GraphiQL</a></p>
    <form method="post" action="/auth/logout"><button type="submit">Sign out</button></form>`;
  sendPage(response, { title: 'Isthmus', body });
}

/** Signed out here; `leadsTo` goes on to the provider. */
export function signedOutPage(response: Response, leadsTo: string | undefined): void {
  const body = html`<p>
    You are signed out.
    <a href="${leadsTo ?? '/auth/login'}"
      >${leadsTo === undefined ? 'Sign in again' : 'Sign out at the identity provider'}</a
    >
  </p>`;
  sendPage(response, { title: 'Signed out', body, ...(leadsTo === undefined ? {} : { refresh: leadsTo }) });
}

/** Why nobody was signed in. */
export function refusedPage(response: Response, { fault, status }: SignInError, requestId: string): void {
  const { title, cause, fix } = ISSUE_CATALOG[fault];
  const body = html`<p>${cause}</p>
    <p>${fix}</p>
    <p><code>${fault}</code> · request ${requestId}</p>
    <p><a class="action" href="/auth/login">Sign in</a></p>`;
  sendPage(response, { title, body, status });
}
