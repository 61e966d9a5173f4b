import { hasErrors, issue, type Resource } from '@isthmus/domain';
import { RESOURCE_KINDS } from '@isthmus/domain';
import { bundleDocuments } from '../online/bundle-documents.js';
import { kindNamed } from '../online/kinds.js';
import { deleteResource, type ResourceName } from '../online/resources.js';
import { proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { reportIssues } from '../output/report-issues.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { changeText, printPreview } from './apply.js';

/** Options of `delete`. */
export interface DeleteOptions extends OnlineOptions {
  filename?: string;
  project?: string;
  dryRun?: boolean;
  yes?: boolean;
}

/** `isthmus delete KIND NAME…` or `delete -f`: asks first, or needs `--yes` where nobody can answer. */
export async function deleteCommand(
  terminal: Terminal,
  words: readonly string[],
  options: DeleteOptions,
): Promise<ExitCode> {
  const wanted = await whatToDelete(terminal, words, options);
  if (typeof wanted === 'number') return wanted;
  const list = wanted.map(({ kind, project, name }) => [kind, project, name].filter(Boolean).join('/')).join(', ');
  if (!options.dryRun && !(await isConfirmed(terminal, `Delete ${list}?`, options))) {
    terminal.err('nothing was deleted\n');
    return EXIT.issues;
  }
  return withSession(terminal, options, (session) => deleteAll(session, wanted, options.dryRun ?? false));
}

/** True if a person or `--yes` agrees; throws a usage error where neither can. */
export async function isConfirmed(terminal: Terminal, question: string, { yes }: { yes?: boolean }): Promise<boolean> {
  if (yes) return true;
  if (terminal.confirm === undefined) throw new UsageError('there is nobody to ask here; add --yes');
  return terminal.confirm(question);
}

async function whatToDelete(
  terminal: Terminal,
  [word, ...names]: readonly string[],
  { filename, project }: DeleteOptions,
): Promise<ResourceName[] | ExitCode> {
  if (filename === undefined) {
    if (word === undefined || names.length === 0) throw new UsageError('name what to delete: KIND NAME, or -f');
    const kind = kindNamed(word);
    return names.map((name) => ({ kind, name, ...(project && { project }) }));
  }
  if (word !== undefined) throw new UsageError('give either KIND NAME or -f');
  const { resources, issues } = await bundleDocuments(terminal, filename);
  if (hasErrors(issues)) return tell(terminal, issues);
  if (resources.length === 0) return tell(terminal, [issue('ISM0606', { message: 'no resources were found' })]);
  return resources.map(({ resource }) => nameOf(resource)).sort(dependentsFirst);
}

function nameOf({ kind, metadata: { name, project } }: Resource): ResourceName {
  return { kind, name, ...(project && { project }) };
}

function dependentsFirst(a: ResourceName, b: ResourceName): number {
  return RESOURCE_KINDS.indexOf(b.kind) - RESOURCE_KINDS.indexOf(a.kind);
}

async function deleteAll(session: Session, wanted: readonly ResourceName[], dryRun: boolean): Promise<ExitCode> {
  let worst: ExitCode = EXIT.ok;
  for (const one of wanted) {
    const outcome = await deleteResource(session.ask, { ...one, dryRun });
    const code = await proceed(session, outcome, (applied) => {
      for (const change of applied.changes)
        session.terminal.out(`${changeText(change)}${dryRun ? ' (dry run)' : ''}\n`);
      printPreview(session.terminal, applied);
      if (applied.issues.length > 0) reportIssues(session.terminal, applied.issues);
      return EXIT.ok;
    });
    if (code !== EXIT.ok) worst = code;
  }
  return worst;
}
