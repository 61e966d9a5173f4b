/** What the account of whoever uses a sign-in link of this machine has as provider and issuer: no provider can have this name. */
export const LOOPBACK_PROVIDER = '(loopback)';
