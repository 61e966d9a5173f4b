import type { Authenticator } from '../auth/authenticator.js';

const INTERVAL_MS = 10_000;

/** Looks again and again whether the token of an open stream still counts, and calls back once when it does not. */
export function tokenWatch(authenticator: Authenticator, intervalMs = INTERVAL_MS) {
  return (authorization: unknown, onLoss: () => void): (() => void) => {
    const check = async (): Promise<void> => {
      const viewer = await authenticator.authenticate(authorization, { requestId: '', ip: '' });
      if (viewer !== undefined) return;
      clearInterval(timer);
      onLoss();
    };
    // A database that does not answer says nothing about the token: the next round asks again.
    const timer = setInterval(() => void check().catch(() => undefined), intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  };
}
