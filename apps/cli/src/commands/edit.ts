import { issue, parseBundle, type Issue } from '@isthmus/domain';
import { stringify } from 'yaml';
import type { RemoteResource } from '../online/answers.js';
import { kindNamed } from '../online/kinds.js';
import { applyResources, oneResource } from '../online/resources.js';
import { proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { documentOf } from '../output/resource-documents.js';
import { reportIssues } from '../output/report-issues.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { changeText } from './apply.js';

/** Options of `edit`. */
export interface EditOptions extends OnlineOptions {
  project?: string;
}

/**
 * `isthmus edit KIND NAME`: opens the resource in $VISUAL or $EDITOR and applies what was saved, if nobody else changed it
 * meanwhile. What could not be applied stays in a file that is named.
 */
export async function edit(
  terminal: Terminal,
  [word, name]: [string, string],
  options: EditOptions,
): Promise<ExitCode> {
  const place = { kind: kindNamed(word), name, ...(options.project && { project: options.project }) };
  return withSession(terminal, options, async (session) =>
    proceed(session, await oneResource(session.ask, place), async (resource) => {
      const before = textOf(resource);
      const edited = await terminal.edit(before, `${place.kind.toLowerCase()}-${name}.yaml`);
      if (!edited.ok) return tell(terminal, [issue('ISM0660', { message: edited.message })]);
      if (edited.text.trim() === '' || edited.text === before) {
        await edited.discard();
        terminal.err('nothing was changed\n');
        return EXIT.ok;
      }
      const code = await applyEdited(session, resource, edited);
      if (code === EXIT.ok) await edited.discard();
      else terminal.err(`what you wrote is kept in ${edited.file}\n`);
      return code;
    }),
  );
}

interface Edited {
  text: string;
  file: string;
}

async function applyEdited({ terminal, ask }: Session, resource: RemoteResource, edited: Edited): Promise<ExitCode> {
  const path = 'edited.yaml';
  const name = (one: Issue): Issue => (one.source ? { ...one, source: { ...one.source, file: edited.file } } : one);
  const { resources, issues } = parseBundle([{ path, text: edited.text }]);
  const code = reportIssues(terminal, issues.map(name));
  if (code !== EXIT.ok) return code;
  if (!resources.every((one) => isSame(one.resource, resource)) || resources.length !== 1) {
    const message = `the document must stay ${resource.kind} ${resource.name}`;
    return tell(terminal, [issue('ISM0661', { message, source: { file: edited.file, line: 1, column: 1 } })]);
  }
  const outcome = await applyResources(ask, { files: [{ path, text: edited.text }], dryRun: false });
  if (!outcome.ok) return tell(terminal, outcome.issues.map(name));
  for (const change of outcome.value.changes) terminal.out(`${changeText(change)}\n`);
  reportIssues(terminal, outcome.value.issues.map(name));
  return EXIT.ok;
}

function isSame(
  { kind, metadata }: { kind: string; metadata: { name: string; project?: string } },
  resource: RemoteResource,
): boolean {
  const project = metadata.project ?? resource.projectName;
  return kind === resource.kind && metadata.name === resource.name && project === resource.projectName;
}

function textOf(resource: RemoteResource): string {
  const { status: _status, ...document } = documentOf(resource) as { status?: unknown };
  return stringify(document, { lineWidth: 0 });
}
