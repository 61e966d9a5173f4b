import type { SubjectAccess } from './access.js';
import type { AccountRecord, GrantRecord } from './accounts.js';
import type { TokenRecord } from './tokens.js';
import type { UserSessionRecord } from './user-sessions.js';

/** A live token, and what is granted to it by name. */
export interface FoundToken {
  org: string;
  token: TokenRecord;
  access: SubjectAccess;
  /** True if its use was not noted within the last minute. */
  isUseDue: boolean;
}

/** A live session, whose it is, and what the provider gave for it. */
export interface FoundSession {
  org: string;
  session: UserSessionRecord;
  account: AccountRecord | undefined;
  grant: GrantRecord | undefined;
  isUseDue: boolean;
}

/** What secrets stand for, by SHA-256 hex of the whole secret, each in one round trip; undefined when there is none that is live. */
export interface SecretReader {
  token(hash: string): Promise<FoundToken | undefined>;
  session(hash: string): Promise<FoundSession | undefined>;
}
