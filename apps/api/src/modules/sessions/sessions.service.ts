import { Inject, Injectable } from '@nestjs/common';
import { ISSUE_CATALOG, issue } from '@isthmus/domain';
import type { Clock } from '@isthmus/platform';
import {
  type AccountRecord,
  type GrantRecord,
  type MutationTx,
  LOCAL_PROVIDER,
  type Store,
  type TenantTx,
  type UserSessionRecord,
} from '@isthmus/store';
import { whatIsAbove } from '../../auth/mightier.js';
import type { SignInSettings } from '../../auth/sign-in-settings.js';
import { ORGANIZATION } from '../../auth/places.js';
import { auditOf, authorize, authorizeAt, type Viewer } from '../../auth/viewer.js';
import { wouldShutOut } from '../../auth/ways-in.js';
import { CLOCK, SIGN_IN_SETTINGS, STORE } from '../../core/tokens.js';
import { failure, type MutationFailure } from '../results/failure.js';
import { lastWayIn } from '../tokens/new-token.js';

export interface AccountModel extends AccountRecord {
  /** True if the caller may lock the person out and let it in again. */
  viewerCanLock: boolean;
}

export interface SessionModel extends UserSessionRecord {
  person: AccountModel | undefined;
  viewerCanEnd: boolean;
  /** How the provider stands for it; undefined: no provider does. */
  vouched: GrantRecord | undefined;
}

/** Sessions of people: everybody sees and ends their own, and who may manage sessions those of all. */
@Injectable()
export class SessionsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SIGN_IN_SETTINGS) private readonly settings: SignInSettings,
  ) {}

  async list(viewer: Viewer, all: boolean): Promise<SessionModel[]> {
    const { org, account } = all
      ? authorizeAt(viewer, 'sessions.manage', ORGANIZATION)
      : authorize(viewer, 'viewer.read');
    if (!all && account === undefined) return [];
    return this.store.withTenant(org, async (tx) => {
      const sessions = await tx.userSessions.live(all ? undefined : account?.id);
      const accounts = await tx.accounts.byIds(sessions.map((session) => session.account));
      const people = byId(await this.modelsOf(tx, viewer, accounts));
      const grants = byId(await tx.grants.byIds(sessions.flatMap(({ grant }) => grant ?? [])));
      return sessions.map((session) => ({
        ...session,
        person: people.get(session.account),
        viewerCanEnd: session.account === account?.id || (people.get(session.account)?.viewerCanLock ?? true),
        vouched: grants.get(session.grant ?? ''),
      }));
    });
  }

  async accounts(viewer: Viewer): Promise<AccountModel[]> {
    const { org } = authorizeAt(viewer, 'sessions.manage', ORGANIZATION);
    return this.store.withTenant(org, async (tx) => this.modelsOf(tx, viewer, await tx.accounts.list()));
  }

  /** Ends a session at once; its open streams are cut. */
  async end(viewer: Viewer, id: string): Promise<{ id: string } | MutationFailure> {
    const { org, account } = authorize(viewer, 'viewer.read');
    return this.store.mutate(org, auditOf(viewer, 'endSession'), async (tx) => {
      const session = await tx.userSessions.get(id);
      const isOwn = session !== undefined && session.account === account?.id;
      if (!isOwn) authorizeAt(viewer, 'sessions.manage', ORGANIZATION);
      if (session === undefined) return failure('NOT_FOUND', 'There is no such session');
      const refused = isOwn ? undefined : await this.refusal(tx, viewer, { path: 'sessionId', id: session.account });
      if (refused !== undefined) return refused;
      for (const ended of await tx.userSessions.end({ id }, `ended by ${viewer.actor}`))
        await tx.record({ kind: 'Session', id: ended.id, name: ended.device });
      return { id };
    });
  }

  /** Locks a person out (sessions and tokens with them), or lets the person in again. */
  async setLocked(viewer: Viewer, id: string, locked: boolean): Promise<AccountModel | MutationFailure> {
    const { org, actor } = authorizeAt(viewer, 'sessions.manage', ORGANIZATION);
    return this.store.mutate(org, auditOf(viewer, locked ? 'lockAccount' : 'unlockAccount'), async (tx) => {
      await tx.lock('roles');
      const before = await tx.accounts.get(id);
      if (before === undefined) return failure('NOT_FOUND', 'There is no such account');
      const refused = await this.refusal(tx, viewer, { path: 'accountId', id });
      if (refused !== undefined) return refused;
      const at = { settings: this.settings, now: this.clock.now() };
      if (locked && (await wouldShutOut(tx, { kind: 'USER', record: before }, at))) return lastWayIn('accountId');
      const changed = locked ? await tx.accounts.disable(id, actor) : await tx.accounts.enable(id);
      if (locked) await tx.userSessions.end({ account: id }, 'the account was locked');
      const account = (await tx.accounts.get(id)) ?? before;
      if (changed) await tx.record({ kind: 'Account', id, name: account.name });
      return { ...account, viewerCanLock: true };
    });
  }

  private async modelsOf(tx: TenantTx, viewer: Viewer, accounts: readonly AccountRecord[]): Promise<AccountModel[]> {
    const may = viewer.rights.everywhere('sessions.manage');
    const above = may ? await this.above(tx, viewer, accounts) : undefined;
    return accounts.map((account) => ({ ...account, viewerCanLock: above !== undefined && !above.has(account.id) }));
  }

  /** Nobody takes away the access of who administers more. */
  private async refusal(
    tx: MutationTx,
    viewer: Viewer,
    { path, id }: { path: string; id: string },
  ): Promise<MutationFailure | undefined> {
    const account = await tx.accounts.get(id);
    if (account === undefined) return undefined;
    const more = (await this.above(tx, viewer, [account])).get(id);
    if (more === undefined) return undefined;
    if (account.provider === LOCAL_PROVIDER) authorizeAt(viewer, 'breakGlass.manage', ORGANIZATION);
    const message = `The person holds ${more} on the whole organization, and you do not`;
    return failure('REFUSED', message, {
      issues: [issue('ISM0579', { path, message, hint: ISSUE_CATALOG.ISM0579.fix })],
    });
  }

  private above(tx: TenantTx, viewer: Viewer, accounts: readonly AccountRecord[]) {
    return whatIsAbove(tx, accounts, { viewer, settings: this.settings, now: this.clock.now() });
  }
}

function byId<T extends { id: string }>(records: readonly T[]): ReadonlyMap<string, T> {
  return new Map(records.map((record) => [record.id, record]));
}
