import { hashCredential, LEAST_PASSWORD, newPassword } from '@isthmus/platform';
import { LOCAL_PROVIDER, type MutationTx, type Store } from '@isthmus/store';
import type { AdminEnv } from '../env.js';
import { EXIT, type ExitCode, type Terminal } from '../terminal.js';
import { withStore } from './with-store.js';

/** What to do with the local administrator for emergencies. */
export interface BreakGlassCommand {
  act: 'set' | 'list' | 'close';
  organization: string;
  account: string;
  days: number;
  codes: boolean;
  /** The password is the first line of standard input; otherwise one is made. */
  typed: boolean;
}

const DAY_MS = 86_400_000;

/** Opens the local door, shows whether it is open, or closes it. Only whoever has the database of the installation can. */
export function breakGlassCommand(env: AdminEnv, command: BreakGlassCommand, terminal: Terminal): Promise<ExitCode> {
  return withStore(env, async (store) => {
    const known = await store.system.organizations();
    if (!known.some(({ id }) => id === command.organization)) {
      terminal.err(`error: there is no organization ${command.organization}`);
      return EXIT.usage;
    }
    switch (command.act) {
      case 'set':
        return open(store, command, terminal);
      case 'list':
        return list(store, command, terminal);
      case 'close':
        return close(store, command, terminal);
    }
  });
}

async function open(store: Store, command: BreakGlassCommand, terminal: Terminal): Promise<ExitCode> {
  const { organization, account: name, days, codes } = command;
  const password = command.typed ? await firstLine(terminal) : newPassword();
  if (password.length < LEAST_PASSWORD) {
    terminal.err(`error: a password has at least ${LEAST_PASSWORD} characters`);
    return EXIT.usage;
  }
  const { uri, ...stored } = await hashCredential(name, { password, codes });
  const expiresAt = new Date(Date.now() + days * DAY_MS);
  await store.mutate(organization, { actor: 'system:admin', action: 'openBreakGlass' }, async (tx) => {
    await tx.localAdmins.put({ name, ...stored, expiresAt });
    await tx.localAdmins.forgive();
    const sessions = await endSessions(tx, name, 'the password was set anew');
    const after = { codes, expiresAt: expiresAt.toISOString(), sessions };
    await tx.record({ kind: 'LocalAdmin', id: name, name, after });
  });
  const shown = { name, ...(command.typed ? {} : { password }), ...(uri && { codes: uri }), expiresAt };
  terminal.out.write(`${JSON.stringify(shown)}\n`);
  terminal.err(
    'This is shown once. Keep it where the day that it is for does not reach, on paper in a safe for instance.',
  );
  return EXIT.done;
}

async function list(store: Store, { organization }: BreakGlassCommand, terminal: Terminal): Promise<ExitCode> {
  const admins = await store.withTenant(organization, (tx) => tx.localAdmins.list());
  for (const { name, totpSealed, createdAt, expiresAt, usedAt } of admins)
    terminal.out.write(`${JSON.stringify({ name, codes: totpSealed !== undefined, createdAt, expiresAt, usedAt })}\n`);
  if (admins.length === 0) terminal.err('the local door is closed');
  return EXIT.done;
}

async function close(store: Store, command: BreakGlassCommand, terminal: Terminal): Promise<ExitCode> {
  const { organization, account: name } = command;
  const audit = { actor: 'system:admin', action: 'closeBreakGlass' };
  const isClosed = await store.mutate(organization, audit, async (tx) => {
    if (!(await tx.localAdmins.remove(name))) return false;
    const sessions = await endSessions(tx, name, 'the local door was closed');
    await tx.record({ kind: 'LocalAdmin', id: name, name, after: { sessions } });
    return true;
  });
  terminal.err(isClosed ? `${name} is closed; its sessions are over` : `there is no local administrator ${name}`);
  return isClosed ? EXIT.done : EXIT.failed;
}

/** Sessions and tokens that the old password opened end; a lock that somebody put on the account goes. Answers which sessions. */
async function endSessions(tx: MutationTx, name: string, reason: string): Promise<string[]> {
  const account = await tx.accounts.find(LOCAL_PROVIDER, name);
  if (account === undefined) return [];
  await tx.accounts.enable(account.id);
  await tx.tokens.revokeOf('USER', account.id);
  return (await tx.userSessions.end({ account: account.id }, reason)).map(({ id }) => id);
}

const MOST_BYTES = 4096;

async function firstLine({ stdin }: Terminal): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.includes('\n') || text.length > MOST_BYTES) break;
  }
  return text.split(/\r?\n/)[0] ?? '';
}
