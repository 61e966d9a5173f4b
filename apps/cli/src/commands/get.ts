import type { ResourceKind } from '@isthmus/domain';
import type { RemoteResource } from '../online/answers.js';
import { kindNamed } from '../online/kinds.js';
import { parseSelector } from '../online/label-selector.js';
import { listResources, oneResource, type ResourceQuery } from '../online/resources.js';
import { proceed, watchEvery, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { done, type Outcome } from '../outcome.js';
import { resourceText } from '../output/resource-documents.js';
import { resourceTable } from '../output/resource-table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';

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
  const labelExpressions = options.selector === undefined ? undefined : parseSelector(options.selector);
  const query: ResourceQuery = {
    kind,
    ...(options.project && { project: options.project }),
    ...(labelExpressions && { labelExpressions }),
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

/** Shows what changed, until it is interrupted or what is watched is gone. */
async function watch(session: Session, { read, before, kind, options }: Watched): Promise<ExitCode> {
  const { terminal } = session;
  let known = new Map(before.map((one) => [one.uid, one]));
  return watchEvery(session, read, (now) => {
    const changed = now.filter((one) => fingerprint(one) !== fingerprint(known.get(one.uid)));
    if (changed.length > 0) show(terminal, changed, { kind, options, isSingle: changed.length === 1 });
    const here = new Map(now.map((one) => [one.uid, one]));
    for (const [uid, { name }] of known) if (!here.has(uid)) terminal.err(`${kind.toLowerCase()}/${name} deleted\n`);
    known = here;
  });
}

const fingerprint = (one: RemoteResource | undefined): string =>
  JSON.stringify([one?.resourceVersion, one?.conditions, one?.agent?.connected]);
