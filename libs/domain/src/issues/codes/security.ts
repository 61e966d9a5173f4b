import type { IssueEntry } from '../issue-entry.js';

/** ISM0570–0579: limits of the edge, keys of stored secrets, what agents refuse to write, their authorities, sign-in and who may end it. */
export const SECURITY_CODES = {
  ISM0570: {
    severity: 'ERROR',
    title: 'Kind not allowed by this installation',
    cause:
      'The configuration asked the agent for an object of a kind that no renderer makes, or that its installation did not opt in to. The agent decides this itself, whatever its gateway says.',
    fix: 'Opt in where the agent is installed (rbac.envoyFilters, or ISTHMUS_ALLOW for other agents). If no policy of yours asks for such a kind, examine the centre.',
  },
  ISM0571: {
    severity: 'ERROR',
    title: 'A stored secret cannot be opened',
    cause:
      'It was sealed with a key that was not given, or with another key of the same name; or it was altered, or moved to another place.',
    fix: 'Give the key that sealed it (the message names it) beside the current one, then run rotate-keys.',
  },
  ISM0572: {
    severity: 'WARNING',
    title: 'Too many streams of one cluster',
    cause: 'The agent of one cluster opened more than 60 streams at once, or more than one a second for long.',
    fix: 'Nothing, if it ends: agents come again after growing pauses. Otherwise see why its streams do not last.',
  },
  ISM0573: {
    severity: 'ERROR',
    title: 'The keys for secrets cannot be read',
    cause:
      'SECRETS_KEYS or the file of SECRETS_KEYS_FILE must hold one or more keys, one a line, as id:base64 of 32 bytes.',
    fix: 'Correct the lines that the message counts. A new one: printf "k1:%s\\n" "$(head -c 32 /dev/urandom | base64)".',
  },
  ISM0574: {
    severity: 'ERROR',
    title: 'Authority of the agent’s identity is retired',
    cause:
      'The gateway’s authority was rotated while this agent was away: its certificate, or what it trusts the gateway by, is of one that was retired meanwhile.',
    fix: 'Enrol the agent again: isthmus cluster onboard NAME gives a token, and the authorities of now. What the mesh has stays in place.',
  },
  ISM0575: {
    severity: 'ERROR',
    title: 'Settings for sign-in cannot be used',
    cause:
      'The file that SIGN_IN_FILE names is not there, is neither YAML nor JSON, or says something that is not allowed. Each fault is told with its field, none of them with a value.',
    fix: 'Correct each field that is named; docs/sign-in.md says what there is.',
  },
  ISM0576: {
    severity: 'ERROR',
    title: 'The key service cannot be used',
    cause:
      'The file of SECRETS_SERVICE_FILE says something that is not allowed, or the Vault or OpenBao that it names does not wrap and open data keys: it does not answer, is sealed, or refuses the token, the engine or the key. Nothing was started, and nothing new was made.',
    fix: 'Correct what the message names: the file, the service, or the policy of the token (update on encrypt and decrypt of the key); then start again.',
  },
  ISM0577: {
    severity: 'ERROR',
    title: 'It would last longer than its maker’s own right',
    cause:
      'Whoever grants a role, makes a token or widens a custom role holds what it gives only until a time, and nobody gives for longer what he holds for a while. What is made by a token ends with that token.',
    fix: 'Give an end (expiresAt, expiresInDays) before the time that the message names, sign in and make the token in a session, or ask somebody who holds it without end.',
  },
  ISM0578: {
    severity: 'ERROR',
    title: 'Signed in at the provider, but not as is required here',
    cause:
      'The provider stands for the person, who did not prove it in a way that the file of SIGN_IN_FILE requires: a second factor, a class of sign-in, or not long ago. The log of the API names the claim.',
    fix: 'Sign out at the provider and in again with the second factor. If that changes nothing, see that the provider sends the claims acr, amr or auth_time to this client, with the values under require.',
  },
  ISM0579: {
    severity: 'ERROR',
    title: 'Person administers more than you',
    cause:
      'Nobody locks, unlocks or ends sessions of a person who holds a right over the access of others on the whole organization (roles, tokens, sessions, sign-in, the emergency administrator) that he lacks himself: an Admin not those of an Owner, Security not those of an Admin.',
    fix: 'Ask somebody who holds the right that the message names, an Owner for an Owner. If nobody can be reached: have the person signed out at the identity provider.',
  },
} as const satisfies Record<string, IssueEntry>;
