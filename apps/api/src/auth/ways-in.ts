import {
  type AccountRecord,
  LOCAL_PROVIDER,
  type ServiceAccountRecord,
  type TenantTx,
  type TokenRecord,
} from '@isthmus/store';
import { rightsOfAccount, rightsOfServiceAccount } from './account-rights.js';
import { WHOLE } from './require-held.js';
import { heldUntil, NO_RIGHTS, type Rights } from './rights.js';
import { isConfirmed, isLive, standingOfToken, type StandingAt } from './token-standing.js';

/** What is about to stop counting, with everything that belongs to it. */
export type Lost =
  | { kind: 'TOKEN'; record: TokenRecord }
  | { kind: 'USER'; record: AccountRecord }
  | { kind: 'SERVICE_ACCOUNT'; record: ServiceAccountRecord };

/** Who may grant roles on the whole organization can give everybody else back what they need. */
const administers = (rights: Rights): boolean => rights.everywhere('roles.manage');

/** The same for good: whoever may until a time leaves nobody when it is over. */
const goesOnAdministering = (rights: Rights): boolean =>
  administers(rights) && heldUntil(rights, ['roles.manage'], WHOLE) === undefined;

/**
 * True if the organization could not be administered any more without what is about to go: it may, and no other live token, person who
 * can sign in, or local administrator may for good. To be asked under the lock `roles`, so that two do not take each other's last.
 */
export async function wouldShutOut(tx: TenantTx, lost: Lost, at: StandingAt): Promise<boolean> {
  if (!administers(await rightsOfLost(tx, lost, at))) return false;
  return !(await byPerson(tx, lost, at)) && !(await byToken(tx, lost, at));
}

async function rightsOfLost(tx: TenantTx, lost: Lost, at: StandingAt): Promise<Rights> {
  switch (lost.kind) {
    case 'TOKEN':
      return isLive(lost.record, at.now)
        ? ((await standingOfToken(tx, lost.record, at))?.rights ?? NO_RIGHTS)
        : NO_RIGHTS;
    case 'USER':
      return rightsOfAccount(tx, lost.record, at.settings);
    case 'SERVICE_ACCOUNT':
      return rightsOfServiceAccount(tx, lost.record);
  }
}

async function byPerson(tx: TenantTx, lost: Lost, at: StandingAt): Promise<boolean> {
  const accounts = await tx.accounts.list();
  const others = accounts.filter(({ id }) => lost.kind !== 'USER' || lost.record.id !== id);
  if (await isDoorOpen(tx, accounts, lost)) return true;
  for (const account of others)
    if (isConfirmed(account, at) && goesOnAdministering(await rightsOfAccount(tx, account, at.settings))) return true;
  return false;
}

/** The local administrator counts whether or not it ever came in. */
async function isDoorOpen(tx: TenantTx, accounts: readonly AccountRecord[], lost: Lost): Promise<boolean> {
  const isShut = (name: string) =>
    accounts.some(
      ({ id, provider, subject, disabledAt }) =>
        provider === LOCAL_PROVIDER &&
        subject === name &&
        (disabledAt !== undefined || (lost.kind === 'USER' && lost.record.id === id)),
    );
  return (await tx.localAdmins.list()).some(({ name }) => !isShut(name));
}

async function byToken(tx: TenantTx, lost: Lost, at: StandingAt): Promise<boolean> {
  const tokens = await tx.tokens.list();
  const gone = withMade(
    tokens,
    tokens.filter((token) => goesWith(token, lost)),
  );
  const others = tokens.filter((token) => isLive(token, at.now) && !gone.has(token.id));
  for (const token of others) {
    const standing = await standingOfToken(tx, token, at);
    if (standing !== undefined && goesOnAdministering(standing.rights)) return true;
  }
  return false;
}

function goesWith({ id, ownerKind, owner }: TokenRecord, lost: Lost): boolean {
  return lost.kind === 'TOKEN' ? lost.record.id === id : lost.kind === ownerKind && lost.record.id === owner;
}

/** Ids of tokens, with those that were made by them, and by those. */
function withMade(all: readonly TokenRecord[], first: readonly TokenRecord[]): ReadonlySet<string> {
  const ids = new Set(first.map(({ id }) => id));
  // A set that grows is gone through to its end.
  for (const maker of ids) for (const { id, parent } of all) if (parent === maker) ids.add(id);
  return ids;
}
