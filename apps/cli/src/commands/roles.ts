import { kindNamed } from '../online/kinds.js';
import { issue } from '@isthmus/domain';
import {
  canI,
  grantRole,
  listBindings,
  listRoles,
  revokeRole,
  scopeText,
  whoAmI,
  type AccessRole,
  type Binding,
} from '../online/roles.js';
import { serviceAccountNamed } from '../online/credentials.js';
import { proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { done, type Outcome } from '../outcome.js';
import { instantOf } from './instant.js';
import { table } from '../output/table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

type GetOptions = OnlineOptions & { output: string; selector?: string; watch?: boolean };

const WORDS: Readonly<Record<string, 'roles' | 'bindings'>> = {
  role: 'roles',
  roles: 'roles',
  binding: 'bindings',
  bindings: 'bindings',
};

/** `roles` or `bindings` if the word stands for one of them: they are no resources, yet are looked at like them. */
export function accessWord(word: string): 'roles' | 'bindings' | undefined {
  return Object.hasOwn(WORDS, word.toLowerCase()) ? WORDS[word.toLowerCase()] : undefined;
}

/** `isthmus get roles|bindings [NAME]`. */
export async function getAccess(
  terminal: Terminal,
  [what, name]: ['roles' | 'bindings', string?],
  options: GetOptions,
): Promise<ExitCode> {
  if (options.output === 'yaml') throw new UsageError(`${what} are shown as table, wide, json or name`);
  if (options.selector !== undefined || options.watch) throw new UsageError(`get ${what} takes neither -l nor -w`);
  return withSession(terminal, options, async (session) => {
    if (what === 'roles')
      return showNamed(session, await listRoles(session.ask), {
        ...{ options, what: 'role', name },
        ...{ lines: roleLines, nameOf: (role) => role.name },
      });
    return showNamed(session, await listBindings(session.ask), {
      ...{ options, what: 'grant', name },
      ...{ lines: bindingLines, nameOf: ({ id }) => id },
    });
  });
}

/** Shows all, or the one of that name, which is missed if it is not there. */
async function showNamed<T>(
  session: Session,
  all: Outcome<readonly T[]>,
  shape: Shape<T> & { what: string; name: string | undefined },
): Promise<ExitCode> {
  const { what, name, nameOf } = shape;
  return proceed(session, all, (known) => {
    const found = name === undefined ? known : known.filter((one) => nameOf(one) === name);
    if (name !== undefined && found.length === 0)
      return tell(session.terminal, [issue('ISM0615', { message: `there is no ${what} ${name}` })]);
    return show(session.terminal, found, shape);
  });
}

interface Shape<T> {
  options: GetOptions;
  lines: (all: readonly T[]) => string;
  nameOf: (one: T) => string;
}

function show<T>(terminal: Terminal, all: readonly T[], { options, lines, nameOf }: Shape<T>): ExitCode {
  if (options.output === 'json') terminal.out(`${JSON.stringify(all, null, 2)}\n`);
  else if (options.output === 'name') terminal.out(all.map((one) => `${nameOf(one)}\n`).join(''));
  else if (all.length === 0) terminal.err('none found\n');
  else terminal.out(lines(all));
  return EXIT.ok;
}

function roleLines(roles: readonly AccessRole[]): string {
  const rows = roles.map(({ name, builtIn, permissions, description }) => [
    name,
    builtIn ? 'built in' : 'custom',
    String(permissions.length),
    description,
  ]);
  return table(['NAME', 'ORIGIN', 'PERMISSIONS', 'FOR'], rows);
}

function bindingLines(bindings: readonly Binding[]): string {
  const rows = bindings.map(({ id, subject, role, scope, expiresAt = '' }) => [
    ...[`${subject.kind.toLowerCase().replace('_', ' ')} ${subject.id}`, role],
    ...[scopeText(scope), expiresAt, subjectName(subject), id],
  ]);
  return table(['SUBJECT', 'ROLE', 'ON', 'UNTIL', 'SUBJECT NAME', 'ID'], rows);
}

/** What is not said by the id already; nothing where the caller may not know. */
function subjectName({ id, name = '', deleted }: Binding['subject']): string {
  if (deleted) return '(deleted)';
  return name === id ? '' : name;
}

/** Where a role is granted or asked for. */
export interface PlaceOptions extends OnlineOptions {
  project?: string;
  gns?: string;
  clusterGroup?: string;
  cluster?: string;
}

/** What may be done with a kind, with kubectl's words for it. */
const ACTIONS = {
  read: ['read', 'get', 'list', 'watch', 'describe'],
  write: ['write', 'create', 'update', 'patch', 'apply', 'edit'],
  delete: ['delete'],
} as const;

function actionOf(verb: string): string {
  const word = verb.toLowerCase();
  const action = Object.entries(ACTIONS).find(([, words]) => (words as readonly string[]).includes(word))?.[0];
  if (action !== undefined) return action;
  throw new UsageError(`there is no permission to ${JSON.stringify(verb)} a kind, only to read, write and delete it`);
}

/** `isthmus auth can-i VERB KIND`, or a permission that is no verb on a kind; exit code 1: no. */
export async function authCanI(
  terminal: Terminal,
  [verb, kind]: [string, string?],
  options: PlaceOptions,
): Promise<ExitCode> {
  const permission = kind === undefined ? verb : `${kindNamed(kind)}.${actionOf(verb)}`;
  const { project, gns: globalNamespace, clusterGroup, cluster } = options;
  return withSession(terminal, options, async (session) =>
    proceed(
      session,
      await canI(session.ask, permission, { project, globalNamespace, clusterGroup, cluster }),
      (yes) => {
        terminal.out(yes ? 'yes\n' : 'no\n');
        return yes ? EXIT.ok : EXIT.issues;
      },
    ),
  );
}

/** `isthmus whoami`. */
export async function whoami(terminal: Terminal, options: OnlineOptions): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(session, await whoAmI(session.ask), ({ actor, organization, grants }) => {
      terminal.out(`${actor} in ${organization.name}\n`);
      terminal.out(grants.map(({ role, scope }) => `${role} on ${scopeText(scope)}\n`).join(''));
      return EXIT.ok;
    }),
  );
}

export interface GrantOptions extends PlaceOptions {
  user?: string;
  group?: string;
  serviceAccount?: string;
  token?: string;
  until?: string;
}

/** `isthmus grant ROLE`. */
export async function grant(terminal: Terminal, role: string, options: GrantOptions): Promise<ExitCode> {
  const { subjectKind, subject } = subjectOf(options);
  const request = {
    ...{ role, subjectKind, scope: scopeOf(options) },
    ...(options.until !== undefined && { expiresAt: instantOf('--until', options.until, 'END') }),
  };
  return withSession(terminal, options, async (session) =>
    proceed(session, await idOf(session, subjectKind, subject), async (id) =>
      proceed(session, await grantRole(session.ask, { ...request, subject: id }), (binding) => {
        terminal.out(bindingLines([binding]));
        return EXIT.ok;
      }),
    ),
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Service accounts may be called by name, too, by those who may list them. */
async function idOf({ ask }: Session, kind: string, subject: string): Promise<Outcome<string>> {
  if (kind !== 'SERVICE_ACCOUNT' || UUID.test(subject)) return done(subject);
  const account = await serviceAccountNamed(ask, subject);
  return account.ok ? done(account.value.id) : account;
}

/** `isthmus revoke ID`. */
export async function revoke(terminal: Terminal, id: string, options: OnlineOptions): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(session, await revokeRole(session.ask, id), ({ subject, role, scope }) => {
      terminal.out(`${subject.id} is not ${role} on ${scopeText(scope)} any more\n`);
      return EXIT.ok;
    }),
  );
}

function subjectOf({ user, group, serviceAccount, token }: GrantOptions): { subjectKind: string; subject: string } {
  const given = Object.entries({ USER: user, GROUP: group, SERVICE_ACCOUNT: serviceAccount, TOKEN: token });
  const [only, ...others] = given.filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (only === undefined || others.length > 0)
    throw new UsageError('give one of --user, --group, --service-account and --token');
  return { subjectKind: only[0], subject: only[1] };
}

function scopeOf({ project, gns, clusterGroup }: PlaceOptions): { kind: string; name: string } {
  if (clusterGroup !== undefined && (project ?? gns) !== undefined)
    throw new UsageError('give either a project or global namespace, or a cluster group');
  if (clusterGroup !== undefined) return { kind: 'CLUSTER_GROUP', name: clusterGroup };
  if (gns !== undefined) return { kind: 'GLOBAL_NAMESPACE', name: `${project ?? 'default'}/${gns}` };
  return project === undefined ? { kind: 'ORGANIZATION', name: '' } : { kind: 'PROJECT', name: project };
}
