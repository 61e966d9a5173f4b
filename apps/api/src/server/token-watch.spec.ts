import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Authenticator } from '../auth/authenticator.js';
import { rightsOf } from '../auth/rights.js';
import type { Viewer } from '../auth/viewer.js';
import { tokenWatch } from './token-watch.js';

const SHOWN = { authorization: 'Bearer one' };
const holding = (...roles: string[]): Viewer => {
  const scope = { kind: 'ORGANIZATION' as const, name: '' };
  const rights = rightsOf(
    roles.map((role) => ({ role, scope })),
    [],
  );
  const who = {
    org: 'default',
    actor: 'token:one',
    subject: { kind: 'TOKEN' as const, id: 'one', groups: [] },
    role: '',
  };
  return {
    ...who,
    rights,
    tokenId: 'one',
    tokenName: '',
    sessionId: undefined,
    account: undefined,
    requestId: '',
    ip: '',
  };
};

/** Watches a stream that began with some rights, over what the credential stands for since. */
function start(first: Viewer, since: { now: Viewer | undefined; fails?: boolean }) {
  const state = { fails: false, ...since };
  const authenticate = () => (state.fails ? Promise.reject(new Error('away')) : Promise.resolve(state.now));
  const watch = tokenWatch({ authenticate } as unknown as Authenticator, 1000);
  const cut = vi.fn();
  return { state, cut, watch, stop: watch(SHOWN, first, cut) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('cuts a stream whose credential stopped counting between its sign-in and the first look', async () => {
  const { cut } = start(holding('Owner'), { now: undefined });
  await vi.advanceTimersByTimeAsync(1);
  expect(cut).toHaveBeenCalledOnce();
});

it('cuts a stream whose rights became other ones before the first look that was answered', async () => {
  const { state, cut } = start(holding('Owner', 'Viewer'), { now: holding('Viewer'), fails: true });
  await vi.advanceTimersByTimeAsync(1);
  state.fails = false;
  expect(cut).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect(cut).toHaveBeenCalledOnce();
});

it('leaves a stream alone whose credential counts as it did, and one that is over', async () => {
  const { state, cut, stop } = start(holding('Owner'), { now: holding('Owner') });
  await vi.advanceTimersByTimeAsync(5000);
  stop();
  state.now = undefined;
  await vi.advanceTimersByTimeAsync(5000);
  expect(cut).not.toHaveBeenCalled();
});
