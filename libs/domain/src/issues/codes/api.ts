import type { IssueEntry } from '../issue-entry.js';

/** Issues of the API: concurrency, rights, limits (ISM0500–0599). */
export const API_CODES = {
  ISM0500: {
    severity: 'ERROR',
    title: 'Nothing to apply',
    cause: 'The documents hold no Isthmus resource.',
    fix: 'Send at least one document whose apiVersion is that of Isthmus.',
  },
  ISM0501: {
    severity: 'ERROR',
    title: 'Resource changed meanwhile',
    cause:
      'The version that the change expects is not the one that is stored: somebody else changed, created or deleted it.',
    fix: 'Read the resource again, apply the change to what is there now, and send it with the new version.',
  },
  ISM0502: {
    severity: 'ERROR',
    title: 'Resource does not exist',
    cause: 'There is no resource of this kind and name, or it was deleted.',
    fix: 'Check kind, project and name; list what is there.',
  },
  ISM0503: {
    severity: 'ERROR',
    title: 'Idempotency key was used for another request',
    cause: 'A key names one request. The same key came with other content.',
    fix: 'Use a new key for every new request; repeat a request with the very same content.',
  },
  ISM0504: {
    severity: 'ERROR',
    title: 'Documents are too large',
    cause: 'The documents of one request are larger than the server takes.',
    fix: 'Split them into several requests.',
  },
  ISM0505: {
    severity: 'ERROR',
    title: 'Prune has no labels',
    cause:
      'Pruning deletes what carries the labels and is not among the documents; without labels that would be everything.',
    fix: 'Give every document of the set a label of its own and name it in prune.',
  },
  ISM0506: {
    severity: 'ERROR',
    title: 'Value out of range',
    cause: 'An argument is outside what the operation takes.',
    fix: 'Use a value inside the range that the message names.',
  },
  ISM0507: {
    severity: 'ERROR',
    title: 'Held deletions changed',
    cause: 'An approval counts for the very set that was shown; the set is another one now.',
    fix: 'Look at the deletions that are held now and approve those.',
  },
  ISM0508: {
    severity: 'ERROR',
    title: 'Document lacks the prune labels',
    cause: 'With prune, every document carries the labels; one without them would be deleted by the next run.',
    fix: 'Add the labels to the document, or leave it out.',
  },
  ISM0509: {
    severity: 'ERROR',
    title: 'The default project stays',
    cause: 'Resources that name no project belong to the project `default`, so it is always there.',
    fix: 'Delete the resources in it instead.',
  },
  ISM0510: {
    severity: 'WARNING',
    title: 'Members would wait for approval before they leave',
    cause:
      'The change takes members of more than 50 hosts out of a global namespace, or of more than 20 % with at least 5, within 10 minutes. They stay until somebody approves exactly that set; everything else goes on.',
    fix: 'Nothing, if the change is meant: approve what waits. Else correct the rules.',
  },
  ISM0515: {
    severity: 'ERROR',
    title: 'Still needed',
    cause: 'Another resource names what shall be deleted, so it would point at nothing.',
    fix: 'Change or delete that resource first; with apply and prune both can be done in one request.',
  },
  ISM0516: {
    severity: 'ERROR',
    title: 'Label given twice',
    cause: 'One key of labels or annotations stands twice in the request, so it is open which value is meant.',
    fix: 'Give each key once.',
  },
  ISM0530: {
    severity: 'ERROR',
    title: 'There is no manifest of this id',
    cause: 'The address was cut when copied, belongs to another installation, or is a week past its time.',
    fix: 'Make another with `isthmus cluster onboard NAME --url`.',
  },
  ISM0531: {
    severity: 'ERROR',
    title: 'The manifest can no longer be fetched',
    cause:
      'It was fetched as often as it may be, or its token has expired. If the fetches were not yours, somebody else has the token.',
    fix: 'If they were not yours, revoke the cluster first. Then make another with `isthmus cluster onboard NAME --url`.',
  },
  ISM0532: {
    severity: 'WARNING',
    title: 'Too many manifests are asked for from one address',
    cause: 'More than 60 came from one address at once, or more than one a second for long.',
    fix: 'Try again after the time that the answer names.',
  },
  ISM0533: {
    severity: 'ERROR',
    title: 'A manifest cannot be made of these values',
    cause: 'An image, address, namespace or certificate has no form that a cluster would take.',
    fix: 'Correct the field that the issue names.',
  },
} as const satisfies Record<string, IssueEntry>;
