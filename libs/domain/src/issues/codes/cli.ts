import type { IssueEntry } from '../issue-entry.js';

/** Issues of the command line (ISM0600–0699). */
export const CLI_CODES = {
  ISM0600: {
    severity: 'ERROR',
    title: 'Bundle cannot be found',
    cause: 'The path given with -f is neither a folder nor a file that may be read.',
    fix: 'Check the path. A relative path starts at the folder in which the command runs.',
  },
  ISM0601: {
    severity: 'ERROR',
    title: 'File cannot be read',
    cause: 'The file or folder is part of the bundle, but the operating system refuses to read it.',
    fix: 'Correct its permissions, or move it out of the bundle.',
  },
  ISM0602: {
    severity: 'ERROR',
    title: 'Not a regular file',
    cause: 'A pipe, socket or device has the name of a YAML or JSON file.',
    fix: 'Remove it from the bundle.',
  },
  ISM0603: {
    severity: 'ERROR',
    title: 'Output would replace a foreign file',
    cause: 'A file to be written exists, and .isthmus-render.json does not say that render wrote it.',
    fix: 'Choose an empty folder with --out, or move the file away.',
  },
  ISM0604: {
    severity: 'ERROR',
    title: 'Record of the output is not usable',
    cause: '.isthmus-render.json in the output folder is not what render wrote, so it is unclear what may be removed.',
    fix: 'Restore the file, or delete the output folder and render again.',
  },
  ISM0605: {
    severity: 'ERROR',
    title: 'File cannot be written',
    cause: 'The operating system refuses to write to the output folder, or vips.lock.yaml in the folder of the bundle.',
    fix: 'Correct the permissions, free space, or choose another folder with --out.',
  },
  ISM0606: {
    severity: 'ERROR',
    title: 'Bundle holds no resources',
    cause: 'The folder holds no document with apiVersion isthmus.dev/v1alpha1.',
    fix: 'Check the path, or write the first resource there.',
  },
  ISM0610: {
    severity: 'ERROR',
    title: 'Server cannot be reached',
    cause: 'No connection to the API could be made, it was cut, or the API cannot reach its database.',
    fix: 'Check the address of the context (isthmus context list), the network and any proxy; see whether the API runs.',
  },
  ISM0611: {
    severity: 'ERROR',
    title: 'No server is chosen',
    cause: 'There is no context yet, and ISTHMUS_SERVER is not set.',
    fix: 'Log in with: isthmus login --server URL --token-file FILE.',
  },
  ISM0612: {
    severity: 'ERROR',
    title: 'Answer of the server is not understood',
    cause: 'The address answers, but not as an Isthmus API of a version that this command knows.',
    fix: 'Check the address, and that command and server have the same version.',
  },
  ISM0613: {
    severity: 'ERROR',
    title: 'Unknown context',
    cause: 'The file of contexts has no context of that name.',
    fix: 'List the contexts with: isthmus context list.',
  },
  ISM0614: {
    severity: 'ERROR',
    title: 'File of contexts is not usable',
    cause: 'The file is no YAML of the expected form, or others may read the tokens in it.',
    fix: 'Correct or delete the file and log in again; its mode must be 0600.',
  },
  ISM0615: {
    severity: 'ERROR',
    title: 'Not found',
    cause: 'The server has no resource of that kind and name that you may see.',
    fix: 'List what there is with: isthmus get KIND.',
  },
  ISM0616: {
    severity: 'ERROR',
    title: 'Token is refused',
    cause: 'The token is wrong, has expired or was revoked, or it lacks the permission.',
    fix: 'Log in with another token.',
  },
  ISM0617: {
    severity: 'ERROR',
    title: 'Waiting took too long',
    cause: 'The condition did not hold before the time given with --timeout was over.',
    fix: 'See why: isthmus describe KIND NAME. Or wait longer with --timeout.',
  },
  ISM0618: {
    severity: 'ERROR',
    title: 'Request was refused',
    cause: 'The server refused the request; its message says why.',
    fix: 'Correct what the message names and repeat the command.',
  },
  ISM0619: {
    severity: 'ERROR',
    title: 'Output folder is in use',
    cause:
      'Another render writes to the folder, or one on another machine was killed and left .isthmus-render.lock behind.',
    fix: 'Wait until it has ended. If none runs any more, delete .isthmus-render.lock and render again.',
  },
  ISM0620: {
    severity: 'ERROR',
    title: 'Lock of virtual addresses was changed meanwhile',
    cause: 'Somebody else wrote vips.lock.yaml after the bundle was read: another render, or a checkout.',
    fix: 'Render again.',
  },
  ISM0650: {
    severity: 'ERROR',
    title: 'Database cannot be used',
    cause: 'No connection could be made, the login was refused, or the role lacks a right that the work needs.',
    fix: 'Check DATABASE_URL, whether the server runs, and that the role owns the tables.',
  },
  ISM0651: {
    severity: 'ERROR',
    title: 'Database is not empty',
    cause: 'A restore would mix two installations; nothing was written.',
    fix: 'Create a new database, restore into it, and point DATABASE_URL of every program to it.',
  },
  ISM0652: {
    severity: 'ERROR',
    title: 'Backup cannot be read',
    cause: 'The file is missing, cut off, altered or no backup; nothing was written.',
    fix: 'Use another backup. A file is complete only if its command ended with exit code 0.',
  },
  ISM0653: {
    severity: 'ERROR',
    title: 'Backup is of a newer release',
    cause: 'The backup has a database schema that this release does not know; nothing was written.',
    fix: 'Restore it with the release that made it, or a newer one.',
  },
  ISM0654: {
    severity: 'ERROR',
    title: 'Schema of the database does not fit',
    cause:
      'The database was never migrated, a newer release migrated it, or a migration was edited after it was applied.',
    fix: 'Run isthmus-admin migrate with the newest release that is in use.',
  },
  ISM0655: {
    severity: 'ERROR',
    title: 'Backup cannot be written',
    cause: 'The operating system refuses to write the file; what stood there before is still there.',
    fix: 'Check that the folder exists, its permissions and the free space, or choose another file with --out.',
  },
  ISM0656: {
    severity: 'ERROR',
    title: 'No such held deletions',
    cause: 'Nothing is held under the id: it is mistyped, or the deletions were made or withdrawn meanwhile.',
    fix: 'See what waits with isthmus get holds.',
  },
  ISM0657: {
    severity: 'ERROR',
    title: 'Held deletions changed while they were looked at',
    cause: 'An approval counts for exactly the set that was shown, and the set is another one now.',
    fix: 'Look at it again, and approve it then.',
  },
  ISM0660: {
    severity: 'ERROR',
    title: 'Editor did not end well',
    cause: 'The command in $VISUAL or $EDITOR could not be started, or ended with an error; nothing was sent.',
    fix: 'Set EDITOR to the command of an editor that waits until the file is closed.',
  },
  ISM0661: {
    severity: 'ERROR',
    title: 'Another resource was edited',
    cause: 'Editing changes one resource; kind, name and project stay, and nothing is added.',
    fix: 'Undo the change of the name, or apply the file as a new resource.',
  },
  ISM0680: {
    severity: 'ERROR',
    title: 'The cluster cannot be asked',
    cause: 'The kubeconfig is missing or damaged, or has no cluster for the context.',
    fix: 'Name another kubeconfig or context; kubectl config get-contexts lists them.',
  },
  ISM0690: {
    severity: 'ERROR',
    title: 'The cluster did not become ready in time',
    cause: 'A step on its way in was not done before the time given with --timeout was over; the message says which.',
    fix: 'See the steps with their fixes: isthmus cluster steps NAME. Onboarding goes on meanwhile.',
  },
  ISM0691: {
    severity: 'ERROR',
    title: 'The cluster did not leave in time',
    cause:
      'Others still use its members, or its agent has not removed everything, before the time given with --timeout was over.',
    fix: 'It goes on leaving: repeat the command to look again, isthmus cluster abandon a cluster that is gone, or take it back with --cancel.',
  },
} as const satisfies Record<string, IssueEntry>;
