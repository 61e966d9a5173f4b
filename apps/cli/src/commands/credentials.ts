import {
  allTokens,
  changeServiceAccount,
  createPersonalToken,
  createServiceAccount,
  createServiceAccountToken,
  listPeople,
  listServiceAccounts,
  personalTokens,
  revokeToken,
  serviceAccountNamed,
  setLocked,
  type Person,
  type ServiceAccount,
  type Token,
} from '../online/credentials.js';
import { scopeText } from '../online/roles.js';
import { proceed, tell, withSession, type OnlineOptions, type Session } from '../online/session.js';
import { done, type Outcome } from '../outcome.js';
import { age, table } from '../output/table.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';

type ListOptions = OnlineOptions & { output: string };

/** Shows a list as a table or JSON. */
function show<T>(
  { terminal }: Session,
  options: ListOptions,
  [all, lines]: [readonly T[], (all: readonly T[]) => string],
): ExitCode {
  if (options.output === 'json') terminal.out(`${JSON.stringify(all, null, 2)}\n`);
  else if (all.length === 0) terminal.err('none found\n');
  else terminal.out(lines(all));
  return EXIT.ok;
}

export interface TokenCreateOptions extends OnlineOptions {
  role: string;
  serviceAccount?: string;
  project?: string;
  gns?: string;
  days?: string;
  output: string;
}

/** `isthmus token create NAME`: the secret alone goes to standard output. */
export async function tokenCreate(terminal: Terminal, name: string, options: TokenCreateOptions): Promise<ExitCode> {
  const { role, serviceAccount, project, gns, days } = options;
  if (serviceAccount === undefined && gns !== undefined)
    throw new UsageError('--gns is for tokens of service accounts; give --service-account');
  const input = { name, role, ...(project && { project }), ...(days && { expiresInDays: daysOf(days) }) };
  return withSession(terminal, options, async (session) => {
    const made =
      serviceAccount === undefined
        ? await createPersonalToken(session.ask, input)
        : await createServiceAccountToken(session.ask, serviceAccount, {
            ...input,
            ...(gns && { globalNamespace: gns }),
          });
    return proceed(session, made, ({ secret, apiToken }) => {
      if (options.output === 'json') terminal.out(`${JSON.stringify({ ...apiToken, secret }, null, 2)}\n`);
      else terminal.out(`${secret}\n`);
      const until = apiToken.expiresAt ?? 'for good';
      terminal.err(`${role} on ${scopeText(apiToken.scope)} until ${until}; the secret is shown once\n`);
      return EXIT.ok;
    });
  });
}

function daysOf(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new UsageError(`--days takes a number of days from 1 to 366, not ${text}`);
  return Number(text);
}

/** `isthmus token list`. */
export async function tokenList(
  terminal: Terminal,
  options: ListOptions & { all?: boolean; serviceAccount?: string },
): Promise<ExitCode> {
  if (options.all === true && options.serviceAccount !== undefined)
    throw new UsageError('give either --all or --service-account');
  return withSession(terminal, options, async (session) =>
    proceed(session, await tokensOf(session, options), (tokens) =>
      show(session, options, [tokens, (all) => tokenLines(all, terminal.now())]),
    ),
  );
}

async function tokensOf(
  { ask }: Session,
  { all, serviceAccount }: { all?: boolean; serviceAccount?: string },
): Promise<Outcome<Token[]>> {
  if (all === true) return allTokens(ask);
  if (serviceAccount === undefined) return personalTokens(ask);
  const account = await serviceAccountNamed(ask, serviceAccount);
  return account.ok ? done(account.value.tokens) : account;
}

function tokenLines(tokens: readonly Token[], now: Date): string {
  const rows = tokens.map((one) => [
    ...[one.name, `${one.prefix}…`, one.role, scopeText(one.scope)],
    one.ownerKind === undefined ? 'organization' : one.ownerKind.toLowerCase().replace('_', ' '),
    makerText(one),
    one.lastUsedAt === undefined ? 'never' : age(one.lastUsedAt, now),
    one.revokedAt === undefined ? (one.expiresAt ?? 'never') : 'revoked',
    one.id,
  ]);
  return table(['NAME', 'TOKEN', 'ROLE', 'ON', 'OF', 'BY', 'USED', 'ENDS', 'ID'], rows);
}

/** Who made it; a token that did takes it along when it goes. */
function makerText({ by, endsWithMaker }: Token): string {
  if (endsWithMaker) return `token ${by?.tokenName ?? ''}`.trimEnd();
  return by?.name ?? '';
}

/** `isthmus token revoke ID…`. */
export async function tokenRevoke(
  terminal: Terminal,
  ids: readonly string[],
  options: OnlineOptions,
): Promise<ExitCode> {
  return eachOf(terminal, ids, {
    options,
    act: (session, id) => revokeToken(session.ask, id),
    said: ({ name }) => `token ${name} is revoked`,
  });
}

/** `isthmus service-account create NAME`. */
export async function serviceAccountCreate(
  terminal: Terminal,
  name: string,
  options: OnlineOptions & { description?: string },
): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(
      session,
      await createServiceAccount(session.ask, { name, description: options.description ?? '' }),
      ({ id }) => {
        terminal.out(`${id}\n`);
        terminal.err(`${name} has no role yet: isthmus grant ROLE --service-account ${id}\n`);
        return EXIT.ok;
      },
    ),
  );
}

/** `isthmus service-account list`. */
export async function serviceAccountList(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(session, await listServiceAccounts(session.ask), (accounts) =>
      show(session, options, [accounts, (all) => accountLines(all, terminal.now())]),
    ),
  );
}

function accountLines(accounts: readonly ServiceAccount[], now: Date): string {
  const rows = accounts.map(({ name, disabledAt, tokens, createdAt, description, id }) => [
    name,
    disabledAt === undefined ? 'enabled' : 'disabled',
    String(tokens.filter((token) => isLive(token, now)).length),
    age(createdAt, now),
    description,
    id,
  ]);
  return table(['NAME', 'STATE', 'TOKENS', 'AGE', 'FOR', 'ID'], rows);
}

const isLive = ({ revokedAt, expiresAt }: Token, now: Date): boolean =>
  revokedAt === undefined && (expiresAt === undefined || Date.parse(expiresAt) > now.getTime());

/** `isthmus service-account get NAME`. */
export async function serviceAccountGet(terminal: Terminal, name: string, options: ListOptions): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(session, await serviceAccountNamed(session.ask, name), (account) => {
      if (options.output === 'json') terminal.out(`${JSON.stringify(account, null, 2)}\n`);
      else {
        terminal.out(accountLines([account], terminal.now()));
        if (account.tokens.length > 0) terminal.out(`\n${tokenLines(account.tokens, terminal.now())}`);
      }
      return EXIT.ok;
    }),
  );
}

/** `isthmus service-account disable|enable|delete NAME…`. */
export async function serviceAccountChange(
  terminal: Terminal,
  names: readonly string[],
  options: OnlineOptions & { verb: 'disable' | 'enable' | 'delete' },
): Promise<ExitCode> {
  return eachOf(terminal, names, {
    options,
    act: (session, name) => changeServiceAccount(session.ask, options.verb, name),
    said: ({ name }) => `service account ${name} is ${options.verb}d`,
  });
}

/** `isthmus account list`. */
export async function accountList(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  return withSession(terminal, options, async (session) =>
    proceed(session, await listPeople(session.ask), (people) =>
      show(session, options, [people, (all) => peopleLines(all, terminal.now())]),
    ),
  );
}

function peopleLines(people: readonly Person[], now: Date): string {
  const rows = people.map(({ name, email, provider, signedInAt, lockedAt, suspendedReason, id }) => [
    ...[name, email ?? '-', provider, age(signedInAt, now)],
    lockedAt === undefined ? (suspendedReason ?? 'open') : 'locked',
    id,
  ]);
  return table(['NAME', 'MAIL', 'PROVIDER', 'SIGNED IN', 'STATE', 'ID'], rows);
}

/** `isthmus account lock|unlock ID…`. */
export async function accountLock(
  terminal: Terminal,
  ids: readonly string[],
  options: OnlineOptions & { verb: 'lock' | 'unlock' },
): Promise<ExitCode> {
  return eachOf(terminal, ids, {
    options,
    act: (session, id) => setLocked(session.ask, options.verb, id),
    said: ({ name }) => `${name} is ${options.verb}ed`,
  });
}

/** Does one after the other, says each, and stops at the first that is refused. */
async function eachOf<T>(
  terminal: Terminal,
  all: readonly string[],
  {
    options,
    act,
    said,
  }: {
    options: OnlineOptions;
    act: (session: Session, one: string) => Promise<Outcome<T>>;
    said: (value: T) => string;
  },
): Promise<ExitCode> {
  return withSession(terminal, options, async (session) => {
    for (const one of all) {
      const outcome = await act(session, one);
      if (!outcome.ok) return tell(terminal, outcome.issues);
      terminal.err(`${said(outcome.value)}\n`);
    }
    return EXIT.ok;
  });
}
