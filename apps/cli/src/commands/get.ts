import type { ResourceKind } from '@isthmus/domain';
import type { RemoteResource } from '../online/answers.js';
import { kindNamed } from '../online/kinds.js';
import { parseLabels } from '../online/label-selector.js';
import { listResources, oneResource, type ResourceQuery } from '../online/resources.js';
import { proceed, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { done, type Outcome } from '../outcome.js';
import { resourceText } from '../output/resource-documents.js';
import { resourceTable } from '../output/resource-table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

const POLL_MS = 2000;

/** Options of `get`. */
export interface GetOptions extends OnlineOptions {
  output: 'table' | 'wide' | 'json' | 'yaml' | 'name';
  project?: string;
  selector?: string;
  watch?: boolean;
}

/** `isthmus get KIND [NAME]`. */
export async function get(terminal: Terminal, [word, name]: [string, string?], options: GetOptions): Promise<ExitCode> {
  const kind = kindNamed(word);
  const labels = options.selector === undefined ? undefined : parseLabels(options.selector);
  const query: ResourceQuery = {
    kind,
    ...(options.project && { project: options.project }),
    ...(labels && { labels }),
  };
  return withSession(terminal, options, async (session) => {
    const read = () => readAll(session, query, name);
    return proceed(session, await read(), async (resources) => {
      show(terminal, resources, { kind, options, isSingle: name !== undefined });
      return options.watch ? watch(session, { read, before: resources, kind, options }) : EXIT.ok;
    });
  });
}

async function readAll(
  { ask }: Session,
  query: ResourceQuery,
  name: string | undefined,
): Promise<Outcome<RemoteResource[]>> {
  if (name === undefined) return listResources(ask, query);
  const one = await oneResource(ask, { kind: query.kind, name, ...(query.project && { project: query.project }) });
  return one.ok ? done([one.value]) : one;
}

interface Shape {
  kind: ResourceKind;
  options: GetOptions;
  isSingle: boolean;
}

function show(terminal: Terminal, resources: readonly RemoteResource[], { kind, options, isSingle }: Shape): void {
  const { output } = options;
  if (output !== 'table' && output !== 'wide') return terminal.out(resourceText(resources, output, { isSingle }));
  if (resources.length === 0) return terminal.err(`no ${kind} found\n`);
  terminal.out(resourceTable(kind, resources, { isWide: output === 'wide', now: terminal.now() }));
}

interface Watched {
  read: () => Promise<Outcome<RemoteResource[]>>;
  before: readonly RemoteResource[];
  kind: ResourceKind;
  options: GetOptions;
}

/** Shows what changed every two seconds, until it is interrupted; a server that cannot be reached ends it. */
async function watch(session: Session, { read, before, kind, options }: Watched): Promise<ExitCode> {
  const { terminal } = session;
  let known = new Map(before.map((one) => [one.uid, fingerprint(one)]));
  while (!terminal.signal.aborted) {
    await terminal.sleep(POLL_MS).catch(() => undefined);
    if (terminal.signal.aborted) break;
    const now = await read();
    if (!now.ok) return proceed(session, now, () => EXIT.issues);
    const changed = now.value.filter((one) => known.get(one.uid) !== fingerprint(one));
    const gone = [...known.keys()].filter((uid) => !now.value.some((one) => one.uid === uid));
    if (changed.length > 0) show(terminal, changed, { kind, options, isSingle: changed.length === 1 });
    if (gone.length > 0) terminal.err(`${gone.length} deleted\n`);
    known = new Map(now.value.map((one) => [one.uid, fingerprint(one)]));
  }
  return EXIT.ok;
}

const fingerprint = ({ resourceVersion, conditions, agent }: RemoteResource): string =>
  JSON.stringify([resourceVersion, conditions, agent?.connected]);
