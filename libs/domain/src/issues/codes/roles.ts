import type { IssueEntry } from '../issue-entry.js';

/** ISM0980–0989: who may do what, and by what it is known. */
export const ROLE_CODES = {
  ISM0980: {
    severity: 'ERROR',
    title: 'No such role',
    cause: 'The name is neither that of a built-in role nor that of a custom one of the organization; case counts.',
    fix: 'isthmus get roles lists them.',
  },
  ISM0981: {
    severity: 'ERROR',
    title: 'No such permission',
    cause: 'A custom role lists a text that is no permission of this release, or none at all.',
    fix: 'docs/roles.md lists them.',
  },
  ISM0982: {
    severity: 'ERROR',
    title: 'Not a name of a custom role',
    cause:
      'A name has 1 to 63 letters, digits and hyphens and begins with a letter; those of built-in roles are taken, in whatever case.',
    fix: 'Choose another name.',
  },
  ISM0983: {
    severity: 'ERROR',
    title: 'Nothing to grant a role on',
    cause: 'There is no project, global namespace or cluster group of this name.',
    fix: 'Correct the name; a global namespace is named project/name.',
  },
  ISM0984: {
    severity: 'ERROR',
    title: 'The last Owner stays',
    cause:
      'Nobody else holds Owner on the whole organization for an unlimited time, and no administrator’s token is left: nobody could grant it again.',
    fix: 'Grant Owner to somebody else first.',
  },
  ISM0985: {
    severity: 'ERROR',
    title: 'Role still granted',
    cause: 'The custom role is granted to somebody; deleting it would take rights away that nobody sees going.',
    fix: 'isthmus get bindings shows to whom; revoke it there first.',
  },
  ISM0986: {
    severity: 'ERROR',
    title: 'Nobody to grant a role to',
    cause:
      'A subject has 1 to 200 visible characters, and users, service accounts and tokens are there and known by their id, not by a name.',
    fix: 'Give the id of a user (isthmus account list), service account (isthmus service-account list) or token (isthmus token list --all), or the name of a group.',
  },
  ISM0987: {
    severity: 'ERROR',
    title: 'Not a time that a grant can have',
    cause: 'A grant ends in the future, or never.',
    fix: 'Give a later time, or none.',
  },
  ISM0988: {
    severity: 'ERROR',
    title: 'The last way in stays',
    cause:
      'Without this token or account nobody could grant roles on the whole organization any more: no other live token, no person who can sign in, and no local administrator may.',
    fix: 'Make another administrator’s token, grant Owner or Admin to a person who has signed in, or open the local door (isthmus-admin break-glass set); then try again.',
  },
} as const satisfies Record<string, IssueEntry>;
