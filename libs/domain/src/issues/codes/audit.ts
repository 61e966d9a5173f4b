import type { IssueEntry } from '../issue-entry.js';

/** ISM0970–0979: the audit log. */
export const AUDIT_CODES = {
  ISM0970: {
    severity: 'ERROR',
    title: 'Seal of the audit log is missing',
    cause: 'Seals are numbered from 1 without gaps. One was removed, or the export leaves it out.',
    fix: 'Compare with an earlier export or a backup. Somebody with rights on the database itself removed it: no part of Isthmus can.',
  },
  ISM0971: {
    severity: 'ERROR',
    title: 'Seals of the audit log do not follow each other',
    cause:
      'Each seal holds the hash of the one before it. A seal was changed, or others were put in the place of some.',
    fix: 'Compare with an earlier export or a backup to see where they part: nothing from there on is evidence.',
  },
  ISM0972: {
    severity: 'ERROR',
    title: 'Sealed changes were changed',
    cause: 'A change of the audit log was altered, removed or added after its batch was sealed.',
    fix: 'Compare the changes of that seal with an earlier export or a backup.',
  },
  ISM0973: {
    severity: 'ERROR',
    title: 'Seal of the audit log is not signed by a trusted key',
    cause:
      'The signature is not that of a key in the given file, or of the keys that the server publishes: the key was replaced, or somebody without it wrote the seal.',
    fix: 'If the signing key was replaced on purpose, give a file with the old and the new public key (--key).',
  },
  ISM0974: {
    severity: 'ERROR',
    title: 'Noted seal is not in the audit log',
    cause:
      'The seal given with --anchor was there once. The log was replaced, cut, or restored from a backup made before it.',
    fix: 'See whether the database was restored; if it was not, compare with an earlier export.',
  },
  ISM0975: {
    severity: 'ERROR',
    title: 'Export of the audit log cannot be read',
    cause:
      'The file is no export (JSON lines that begin with its heading), was cut, or was written by a newer release.',
    fix: 'Export again: isthmus audit export -o FILE.',
  },
  ISM0976: {
    severity: 'ERROR',
    title: 'No key to verify the audit log with',
    cause: 'The file given with --key holds no Ed25519 public key in PEM, or the server knows none.',
    fix: 'Give the public keys of the worker: the file that STATEMENT_KEYS_FILE names.',
  },
} as const satisfies Record<string, IssueEntry>;
