import { Inject, Injectable } from '@nestjs/common';
import { issue } from '@isthmus/domain';
import type { Clock } from '@isthmus/platform';
import type { Store, TokenRecord } from '@isthmus/store';
import { hashToken, newApiToken, shownPrefix } from '../../auth/api-token.js';
import { requireHeld, WHOLE } from '../../auth/require-held.js';
import { roleOfToken, type TokenRole } from '../../auth/roles.js';
import { ORGANIZATION } from '../../auth/places.js';
import { permissionsOfRole } from '../../auth/rights.js';
import { auditOf, authorize, authorizeAt, type Viewer } from '../../auth/viewer.js';
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
const USUAL_DAYS = 90;
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

  /** A token of the organization's own. Throws FORBIDDEN where its role may do what the viewer may not. */
  async create(
    viewer: Viewer,
    input: { name: string; role: TokenRole; days: number | undefined },
  ): Promise<CreatedToken | MutationFailure> {
    const { org } = authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
    const { name, role, days } = input;
    requireHeld(viewer, permissionsOfRole(roleOfToken(role), []), WHOLE);
    if (!NAME.test(name) || name.trim() === '') return outOfRange('name', 'a name has 1 to 100 visible characters');
    if (isTooLong(days)) return tooLong();
    const secret = newApiToken();
    const expiresAt = this.in(days);
    return this.store.mutate(org, auditOf(viewer, 'createApiToken'), async (tx) => {
      const made = { prefix: shownPrefix(secret), hash: hashToken(secret), name, role, createdBy: viewer.actor };
      const record = await tx.tokens.create({ ...made, expiresAt });
      await tx.record({ kind: 'ApiToken', id: record.id, name, after: { role, prefix: record.prefix, expiresAt } });
      return { token: modelOf(record), secret };
    });
  }

  /** The caller's own. */
  async personal(viewer: Viewer): Promise<TokenModel[]> {
    const { org, account } = authorize(viewer, 'viewer.read');
    if (account === undefined) return [];
    const tokens = await this.store.withTenant(org, (tx) => tx.tokens.list());
    return tokens.filter((token) => isOf(token, account.id)).map(modelOf);
  }

  /** A token in the caller's own name; it never has more than the person has when it is used. Only a session makes one, never a token. */
  async createPersonal(viewer: Viewer, input: NewPersonalToken): Promise<CreatedToken | MutationFailure> {
    const { org, account, sessionId } = authorize(viewer, 'viewer.read');
    const { name, role, project, days } = input;
    if (account === undefined || sessionId === undefined)
      return failure('REFUSED', 'Personal tokens are made by people who are signed in, not by tokens');
    if (!NAME.test(name) || name.trim() === '') return outOfRange('name', 'a name has 1 to 100 visible characters');
    if (isTooLong(days)) return tooLong();
    const secret = newApiToken();
    const scope = project === undefined ? {} : { scopeKind: 'PROJECT' as const, scope: project };
    return this.store.mutate(org, auditOf(viewer, 'createPersonalToken'), async (tx) => {
      if (permissionsOfRole(role, await tx.customRoles.list()).size === 0)
        return outOfRange('role', `there is no role ${role}`);
      const whose = { ownerKind: 'USER' as const, owner: account.id, createdBy: viewer.actor };
      const made = { prefix: shownPrefix(secret), hash: hashToken(secret), name, role, ...whose, ...scope };
      const record = await tx.tokens.create({ ...made, expiresAt: this.in(days) });
      const { prefix, expiresAt } = record;
      await tx.record({ kind: 'ApiToken', id: record.id, name, after: { role, ...scope, prefix, expiresAt } });
      return { token: modelOf(record), secret };
    });
  }

  private in(days = USUAL_DAYS): Date {
    return new Date(this.clock.now().getTime() + days * 86_400_000);
  }

  async revoke(viewer: Viewer, id: string): Promise<TokenModel | MutationFailure> {
    const { org, account } = authorize(viewer, 'viewer.read');
    return this.store.mutate(org, auditOf(viewer, 'revokeApiToken'), async (tx) => {
      const record = (await tx.tokens.list()).find((token) => token.id === id);
      const isOwn = record !== undefined && account !== undefined && isOf(record, account.id);
      if (!isOwn) authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
      const isRevoked = record !== undefined && (await tx.tokens.revoke(id));
      if (record === undefined) return failure('NOT_FOUND', 'There is no such token');
      if (isRevoked) await tx.record({ kind: 'ApiToken', id, name: record.name });
      return modelOf({ ...record, revokedAt: record.revokedAt ?? this.clock.now() });
    });
  }
}

/** What a person asks for in a token of their own. */
export interface NewPersonalToken {
  name: string;
  role: string;
  /** Its role counts there alone; undefined: wherever the person has it. */
  project: string | undefined;
  days: number | undefined;
}

const isOf = ({ ownerKind, owner }: TokenRecord, account: string) => ownerKind === 'USER' && owner === account;

const isTooLong = (days: number | undefined) => days !== undefined && (days < 1 || days > MAX_DAYS);

function tooLong(): MutationFailure {
  const message = `1 to ${MAX_DAYS} days`;
  return failure('INVALID', message, { issues: [issue('ISM0999', { path: 'expiresInDays', message })] });
}

function outOfRange(path: string, message: string): MutationFailure {
  return failure('INVALID', message, { issues: [issue('ISM0506', { path, message })] });
}
