// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BrowserSession } from '../connection/browser-session.js';
import { createSession } from '../connection/session.js';
import { json, showConsole } from '../testing/console.fixture.js';

const EDIT = '/edit/traffic-policies?name=patient&project=default';
const resource = { __typename: 'TrafficPolicy', id: 'p', resourceVersion: '7', viewerCanUpdate: true };
const Edited = { resource: { ...resource, yaml: 'metadata:\n  name: patient\n' } };
const unauthenticated = (): Response =>
  json({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }, 401);

describe('signing in', () => {
  let state: BrowserSession;
  beforeEach(() => {
    state = { signedIn: false, providers: [], isLocalOpen: false };
    vi.stubGlobal('fetch', () => Promise.resolve(json(state)));
  });
  afterEach(() => vi.unstubAllGlobals());

  it('offers the providers, each with the way back to this very address, and a token beside them', async () => {
    state = { ...state, providers: [{ name: 'corp', title: 'Example Corp' }] };
    window.history.replaceState(null, '', '/console/clusters/east?tab=yaml');
    showConsole('/clusters/east?tab=yaml', {}, createSession(sessionStorage));
    const link = await screen.findByRole('link', { name: 'Sign in with Example Corp' });
    expect(link.getAttribute('href')).toBe('/auth/login/corp?return_to=%2Fconsole%2Fclusters%2Feast%3Ftab%3Dyaml');
    screen.getByLabelText(/API token/);
    expect(screen.queryByRole('link', { name: 'Sign in with name and password' })).toBeNull();
  });

  it('leads to the local door while that is open', async () => {
    state = { ...state, isLocalOpen: true };
    showConsole('/', {}, createSession(sessionStorage));
    const link = await screen.findByRole('link', { name: 'Sign in with name and password' });
    expect(link.getAttribute('href')).toMatch(/^\/auth\/login\?return_to=%2F/);
  });

  it('takes no token that the server does not, and keeps none', async () => {
    const { user } = showConsole('/', { WhoAmI: unauthenticated() }, createSession(sessionStorage));
    await user.type(await screen.findByLabelText(/API token/), 'isth_short');
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    await screen.findByText(/begins with isth_/);
    await user.clear(screen.getByLabelText(/API token/));
    await user.type(screen.getByLabelText(/API token/), `isth_${'A'.repeat(43)}`);
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    await screen.findByText(/does not know this token/);
    expect(sessionStorage).toHaveLength(0);
  });

  it('lets in here who signed in in another tab, once one comes back to this one', async () => {
    const { session } = showConsole('/', {}, createSession(sessionStorage));
    await screen.findByLabelText(/API token/);
    state = { ...state, signedIn: true };
    window.dispatchEvent(new Event('focus'));
    await waitFor(() => expect(session.standing()).toBe('browser'));
  });
});

describe('a session that ends while somebody writes', () => {
  beforeEach(() => {
    vi.stubGlobal('fetch', () => Promise.resolve(json({ signedIn: false, providers: [], isLocalOpen: false })));
  });
  afterEach(() => vi.unstubAllGlobals());

  const write = async () => {
    const shown = showConsole(EDIT, { Edited, ApplyDocument: unauthenticated() });
    const text = await screen.findByLabelText('Document (YAML)');
    await shown.user.type(text, '# mine');
    await shown.user.click(screen.getByRole('button', { name: 'Show what changes' }));
    await screen.findByText(/Your session has ended/);
    return shown;
  };
  const shownText = async () => (await screen.findByLabelText<HTMLTextAreaElement>('Document (YAML)')).value;

  it('leaves the address and the text as they were when it begins again', async () => {
    const { session, address } = await write();
    expect(address()).toContain(EDIT);
    session.enter();
    expect(await shownText()).toContain('# mine');
    screen.getByText(/what you were writing here before/);
  });

  it('keeps the text from who signs in next, and for who was writing it', async () => {
    const { session } = await write();
    session.enter('user:bob');
    expect(await shownText()).not.toContain('# mine');
    expect(screen.queryByText(/what you were writing here before/)).toBeNull();
    session.end('over');
    await screen.findByText('over');
    session.enter();
    expect(await shownText()).toContain('# mine');
  });

  it('lets one begin anew, and then keeps nothing', async () => {
    const { session, user } = await write();
    session.enter();
    await user.click(await screen.findByRole('button', { name: 'Start anew' }));
    expect(await shownText()).not.toContain('# mine');
    expect(sessionStorage).toHaveLength(0);
  });

  it('leaves no text behind for who signs in after somebody who signed out', async () => {
    const { session, user } = await write();
    session.signIn('isth_x');
    await user.click(await screen.findByRole('button', { name: 'Sign out' }));
    await screen.findByLabelText(/API token/);
    expect(sessionStorage).toHaveLength(0);
  });
});

it('signs out of a session of the browser by a form, which leads on to the provider', async () => {
  showConsole('/issues', {});
  const form = (await screen.findByRole('button', { name: 'Sign out' })).closest('form');
  expect([form?.method, new URL(form?.action ?? '').pathname]).toEqual(['post', '/auth/logout']);
});
