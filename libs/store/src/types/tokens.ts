import type { ScopeRef } from './access.js';
import type { TextSearch } from './text-search.js';

/** Whose a token is: '' the organization's own. Its rights end with those of its owner. */
export type TokenOwnerKind = '' | 'USER' | 'SERVICE_ACCOUNT';

/** Where the role of a token counts. */
export type TokenScopeKind = 'ORGANIZATION' | 'PROJECT' | 'GLOBAL_NAMESPACE';

export interface TokenRecord {
  id: string;
  /** Shown in lists: the first characters of the token. */
  prefix: string;
  name: string;
  role: string;
  ownerKind: TokenOwnerKind;
  /** Id of the person or service account; '' for the organization's own. */
  owner: string;
  /** Where its role counts: the organization, a project, or project/name of a global namespace. */
  scopeKind: TokenScopeKind;
  scope: string;
  /** Who made it, as audit rows name them; '' for tokens of earlier releases. */
  createdBy: string;
  /** Id of the token by which it was made: it counts no longer than that one. Undefined: it was made in a session, or by the installation. */
  parent: string | undefined;
  createdAt: Date;
  expiresAt: Date | undefined;
  lastUsedAt: Date | undefined;
  revokedAt: Date | undefined;
}

export interface NewToken {
  prefix: string;
  hash: string;
  name: string;
  role: string;
  expiresAt?: Date;
  ownerKind?: TokenOwnerKind;
  owner?: string;
  createdBy?: string;
  scopeKind?: TokenScopeKind;
  scope?: string;
  parent?: string;
}

/** API tokens; only SHA-256 of the whole token is stored. */
export interface TokenRepository {
  create(input: NewToken): Promise<TokenRecord>;
  /** True if there is a token with this hash that is neither expired nor revoked. */
  isLive(hash: string): Promise<boolean>;
  noteUse(id: string): Promise<void>;
  list(): Promise<TokenRecord[]>;
  /** Those of the ids that there are, revoked ones included. */
  byIds(ids: readonly string[]): Promise<TokenRecord[]>;
  /** By name: the first ones with this text in it, whatever its case, of those that are neither expired nor revoked. */
  search(wanted: TextSearch): Promise<TokenRecord[]>;
  get(id: string): Promise<TokenRecord | undefined>;
  /** Revokes a token and, as the others do, all that were made by it or by those; answers which of them were not revoked before. */
  revoke(id: string): Promise<TokenRecord[]>;
  /** Revokes every live token of an owner; answers which. */
  revokeOf(ownerKind: TokenOwnerKind, owner: string): Promise<TokenRecord[]>;
  /** Revokes every live token whose role counts at a scope and nowhere else; answers which. */
  revokeAt(scope: ScopeRef): Promise<TokenRecord[]>;
}
