import { checkCredential } from '@isthmus/platform';
import { type AccountRecord, LOCAL_PROVIDER, type LocalAdminRecord, type LockoutRule } from '@isthmus/store';
import { networkOf } from '../../server/network-of.js';
import type { OpenedSession } from '../sessions/open-session.js';
import { SignInError } from '../sign-in-error.js';
import type { SignIn, Visitor } from '../sign-in.js';
import { Turns } from './turns.js';

/** What somebody types at the local door. */
export interface LocalCredentials {
  name: string;
  password: string;
  /** One-time code; empty where none is typed. */
  code: string;
}

const MINUTE_MS = 60_000;
const RULE: LockoutRule = {
  limit: 5,
  windowMs: 15 * MINUTE_MS,
  firstMs: MINUTE_MS,
  longestMs: 60 * MINUTE_MS,
  forgetMs: 24 * 60 * MINUTE_MS,
};
/** A password costs 128 MiB and some tenths of a second: one at a time, and few that wait. */
const MOST_WAITING = 8;
const RETRY_SECONDS = 5;

/** The door for the day on which no identity provider answers: open where the operator made a local administrator, and not otherwise. */
export class LocalDoor {
  private readonly turns = new Turns(MOST_WAITING);

  constructor(
    private readonly signIn: SignIn,
    private readonly check: typeof checkCredential = checkCredential,
  ) {}

  async isOpen(): Promise<boolean> {
    return (await this.admins()).length > 0;
  }

  /** Lets the local administrator in. Who is refused is not told whether name, password or code was wrong. */
  async enter(given: LocalCredentials, visitor: Visitor): Promise<OpenedSession> {
    const opened = await this.turns.take(() => this.enterAlone(given, visitor));
    if (opened === undefined) throw new SignInError('ISM0996', 'too many wait', { retryAfterSeconds: RETRY_SECONDS });
    return opened;
  }

  private async enterAlone(given: LocalCredentials, visitor: Visitor): Promise<OpenedSession> {
    const admins = await this.admins();
    const [first] = admins;
    if (first === undefined) throw new SignInError('ISM0998');
    const network = networkOf(visitor.ip);
    await this.refuseLocked(network);
    const known = admins.find(({ name }) => name === given.name);
    // An unknown name costs what a known one does: the same work on the same kind of record.
    const result = await this.check((known ?? first).name, { ...given, now: this.now() }, known ?? first);
    const isRight = known !== undefined && result.ok;
    const opened = isRight ? await this.open(known, { step: result.step, network, visitor }) : undefined;
    if (opened === undefined) return this.refuse(known, { network, visitor });
    this.parts.log.warn({ name: given.name, ip: visitor.ip }, 'the local administrator signed in');
    return opened;
  }

  /** Undefined: the code was taken before. */
  private async open(
    { name }: LocalAdminRecord,
    by: { step: number | undefined; network: string; visitor: Visitor },
  ): Promise<OpenedSession | undefined> {
    const account = await this.account(name, by.step);
    if (account === undefined) return undefined;
    return this.signIn.letIn(account, by.visitor, async (tx) => {
      await tx.localAdmins.succeeded(by.network);
      return undefined;
    });
  }

  /** Takes the code, so that nobody takes it again whatever comes after. */
  private account(name: string, step: number | undefined): Promise<AccountRecord | undefined> {
    const identity = { provider: LOCAL_PROVIDER, issuer: LOCAL_PROVIDER, subject: name };
    return this.parts.store.withTenant(this.org, async (tx) =>
      (await tx.localAdmins.use(name, step))
        ? tx.accounts.signIn(identity, { name, email: undefined, groups: [] })
        : undefined,
    );
  }

  /** Every wrong attempt is in the audit log; what was typed is not, for it may be a password in the wrong field. */
  private async refuse(
    known: LocalAdminRecord | undefined,
    { network, visitor }: { network: string; visitor: Visitor },
  ): Promise<never> {
    const { requestId, ip } = visitor;
    const audit = { actor: 'system:sign-in', action: 'refuseSignIn', requestId, ip };
    const lockedUntil = await this.parts.store.mutate(this.org, audit, async (tx) => {
      const { lockedUntil } = await tx.localAdmins.failed(network, RULE);
      const lockout = lockedUntil === undefined ? {} : { network, lockedUntil: lockedUntil.toISOString() };
      const after = { fault: 'ISM0995', isKnown: known !== undefined, ...lockout };
      await tx.record({ kind: 'SignIn', id: LOCAL_PROVIDER, name: known?.name ?? '', after });
      return lockedUntil;
    });
    if (lockedUntil !== undefined)
      this.parts.log.warn({ network, lockedUntil }, 'a network is locked out of the local door');
    throw new SignInError('ISM0995', '', { isAudited: true });
  }

  private async refuseLocked(network: string): Promise<void> {
    const until = await this.parts.store.withTenant(this.org, (tx) => tx.localAdmins.lockedUntil(network));
    if (until === undefined) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - this.now().getTime()) / 1000));
    throw new SignInError('ISM0996', 'the network is locked out', { retryAfterSeconds });
  }

  private admins(): Promise<LocalAdminRecord[]> {
    return this.parts.store.withTenant(this.org, (tx) => tx.localAdmins.list());
  }

  private get parts() {
    return this.signIn.parts;
  }
  private get org(): string {
    return this.signIn.settings.organization;
  }
  private now(): Date {
    return this.parts.clock.now();
  }
}
