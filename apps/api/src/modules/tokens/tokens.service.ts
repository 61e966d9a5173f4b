import { Inject, Injectable } from '@nestjs/common';
import { issue } from '@isthmus/domain';
import type { Clock } from '@isthmus/platform';
import type { Store, TokenRecord } from '@isthmus/store';
import { hashToken, newApiToken, shownPrefix } from '../../auth/api-token.js';
import type { TokenRole } from '../../auth/roles.js';
import { ORGANIZATION } from '../../auth/places.js';
import { auditOf, authorizeAt, type Viewer } from '../../auth/viewer.js';
import { CLOCK, STORE } from '../../core/tokens.js';
import { failure, type MutationFailure } from '../results/failure.js';

export interface TokenModel extends TokenRecord {
  typename: 'ApiToken';
}

export interface CreatedToken {
  token: TokenModel;
  /** Shown this once. */
  secret: string;
}

const modelOf = (record: TokenRecord): TokenModel => ({ typename: 'ApiToken', ...record });
const MAX_DAYS = 366;
const NAME = /^[^\p{C}]{1,100}$/u;

/** API tokens: made, listed, revoked; their secrets are never stored. */
@Injectable()
export class TokensService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(viewer: Viewer): Promise<TokenModel[]> {
    const { org } = authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
    return (await this.store.withTenant(org, (tx) => tx.tokens.list())).map(modelOf);
  }

  async get(viewer: Viewer, id: string): Promise<TokenModel | undefined> {
    return (await this.list(viewer)).find((token) => token.id === id);
  }

  async create(
    viewer: Viewer,
    input: { name: string; role: TokenRole; days: number | undefined },
  ): Promise<CreatedToken | MutationFailure> {
    const { org } = authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
    const { name, role, days } = input;
    if (!NAME.test(name) || name.trim() === '') return outOfRange('name', 'a name has 1 to 100 visible characters');
    if (days !== undefined && (days < 1 || days > MAX_DAYS))
      return outOfRange('expiresInDays', `1 to ${MAX_DAYS} days`);
    const secret = newApiToken();
    const expiresAt = days === undefined ? undefined : new Date(this.clock.now().getTime() + days * 86_400_000);
    return this.store.mutate(org, auditOf(viewer, 'createApiToken'), async (tx) => {
      const made = { prefix: shownPrefix(secret), hash: hashToken(secret), name, role };
      const record = await tx.tokens.create(expiresAt === undefined ? made : { ...made, expiresAt });
      await tx.record({ kind: 'ApiToken', id: record.id, name, after: { role, prefix: record.prefix, expiresAt } });
      return { token: modelOf(record), secret };
    });
  }

  async revoke(viewer: Viewer, id: string): Promise<TokenModel | MutationFailure> {
    const { org } = authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
    return this.store.mutate(org, auditOf(viewer, 'revokeApiToken'), async (tx) => {
      const isRevoked = await tx.tokens.revoke(id);
      const record = (await tx.tokens.list()).find((token) => token.id === id);
      if (record === undefined) return failure('NOT_FOUND', 'There is no such token');
      if (isRevoked) await tx.record({ kind: 'ApiToken', id, name: record.name });
      return modelOf(record);
    });
  }
}

function outOfRange(path: string, message: string): MutationFailure {
  return failure('INVALID', message, { issues: [issue('ISM0506', { path, message })] });
}
