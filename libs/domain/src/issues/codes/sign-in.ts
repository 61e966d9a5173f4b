import type { IssueEntry } from '../issue-entry.js';

/** ISM0989–0999: sign-in. */
export const SIGN_IN_CODES = {
  ISM0989: {
    severity: 'ERROR',
    title: 'Sign-in link does not count',
    cause:
      'The link was used, is older than ten minutes or was never made; or the API is not bound to the loopback, or the request does not come from this machine.',
    fix: 'Start the product again for a new link, and open it in a browser on the machine on which it runs. Elsewhere use a provider or an API token.',
  },
  ISM0990: {
    severity: 'ERROR',
    title: 'Sign-in does not belong to this browser, or is over',
    cause:
      'The answer of the identity provider fits no sign-in that this browser began in the last ten minutes; each counts once. The page was loaded again, cookies are off, or somebody else began it.',
    fix: 'Begin again at /auth/login. Do not follow links of others that lead to /auth/callback.',
  },
  ISM0991: {
    severity: 'ERROR',
    title: 'Answer of the identity provider is refused',
    cause:
      'The provider refused, or what it sent is not as it must be: signature, issuer, audience, times, nonce and code are checked. The log of the API names which.',
    fix: 'Compare issuer, client and redirect address in the file of SIGN_IN_FILE with those at the provider; see that both clocks are right.',
  },
  ISM0992: {
    severity: 'ERROR',
    title: 'Known, but without a role',
    cause: 'The provider stands for the person, but neither the person nor a group of theirs has a role here.',
    fix: 'Give a role to the person or a group of theirs, or map a group in the file of SIGN_IN_FILE. See that the provider sends groups.',
  },
  ISM0993: {
    severity: 'ERROR',
    title: 'Account is locked',
    cause: 'Somebody with the right to end sessions of others locked the account.',
    fix: 'Who manages sessions unlocks it with the mutation unlockAccount.',
  },
  ISM0994: {
    severity: 'ERROR',
    title: 'Identity provider does not answer',
    cause: 'Discovery, tokens or keys of the provider could not be fetched.',
    fix: 'Try again; see that the API reaches the issuer. API tokens of the organization count meanwhile.',
  },
  ISM0995: {
    severity: 'ERROR',
    title: 'Not signed in at the local door',
    cause: 'Name, password or one-time code is wrong, or the code was used before; which of them is not told.',
    fix: 'Try again with the next code. The operator makes a new password with the command break-glass set.',
  },
  ISM0996: {
    severity: 'ERROR',
    title: 'Too many sign-ins from this address',
    cause:
      'An address may begin so many sign-ins in a minute. After five wrong passwords at the local door its network is locked out, each time for longer.',
    fix: 'Wait for the time that Retry-After names.',
  },
  ISM0997: {
    severity: 'ERROR',
    title: 'Command line was not let in',
    cause: 'The code was refused, was not approved in time, or was used before.',
    fix: 'Run isthmus login again, and approve the code that it shows.',
  },
  ISM0998: {
    severity: 'ERROR',
    title: 'No such way to sign in',
    cause: 'The API has no identity provider of this name, or none at all.',
    fix: 'Set SIGN_IN_FILE, or use an API token (isthmus login --token-file).',
  },
  ISM0999: {
    severity: 'ERROR',
    title: 'Token would live too long',
    cause: 'Every token ends: after 90 days where nothing else is asked for, after 366 at the latest.',
    fix: 'Ask for a shorter life, and make a new token before the old one ends.',
  },
} as const satisfies Record<string, IssueEntry>;
