export interface TokenRecord {
  id: string;
  /** Shown in lists: the first characters of the token. */
  prefix: string;
  name: string;
  role: string;
  createdAt: Date;
  expiresAt: Date | undefined;
  lastUsedAt: Date | undefined;
  revokedAt: Date | undefined;
}

/** API tokens; only SHA-256 of the whole token is stored. */
export interface TokenRepository {
  create(input: { prefix: string; hash: string; name: string; role: string; expiresAt?: Date }): Promise<TokenRecord>;
  /** Undefined when unknown, expired or revoked. Notes the use, at most once a minute. */
  authenticate(hash: string): Promise<TokenRecord | undefined>;
  list(): Promise<TokenRecord[]>;
  revoke(id: string): Promise<boolean>;
}
