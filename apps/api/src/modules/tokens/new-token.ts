import { ISSUE_CATALOG, issue } from '@isthmus/domain';
import type { MutationTx, NewToken, TokenRecord } from '@isthmus/store';
import { hashToken, newApiToken, shownPrefix } from '../../auth/api-token.js';
import { failure, type MutationFailure } from '../results/failure.js';

export interface TokenModel extends TokenRecord {
  typename: 'ApiToken';
}

export interface CreatedToken {
  token: TokenModel;
  /** Shown this once. */
  secret: string;
}

export const tokenModel = (record: TokenRecord): TokenModel => ({ typename: 'ApiToken', ...record });

const MAX_DAYS = 366;
const USUAL_DAYS = 90;
const DAY_MS = 86_400_000;
const NAME = /^[^\p{C}]{1,100}$/u;

/** What is wrong with a token by itself. */
export function tokenFailure({ name, days }: { name: string; days: number | undefined }): MutationFailure | undefined {
  if (!NAME.test(name) || name.trim() === '') return outOfRange('name', 'a name has 1 to 100 visible characters');
  return days !== undefined && (days < 1 || days > MAX_DAYS) ? tooLong() : undefined;
}

/** When a token that is made now ends. */
export function endOfToken({ now, days = USUAL_DAYS }: { now: Date; days: number | undefined }): Date {
  return new Date(now.getTime() + days * DAY_MS);
}

/** Stores a new token and writes it to the audit log, without its secret. */
export async function makeToken(
  tx: MutationTx,
  wanted: Omit<NewToken, 'prefix' | 'hash' | 'expiresAt'>,
  life: { now: Date; days: number | undefined },
): Promise<CreatedToken> {
  const secret = newApiToken();
  const expiresAt = endOfToken(life);
  const record = await tx.tokens.create({ ...wanted, prefix: shownPrefix(secret), hash: hashToken(secret), expiresAt });
  const { id, name, role, prefix, ownerKind, owner, scopeKind, scope } = record;
  const whose = ownerKind === '' ? {} : { ownerKind, owner };
  const where = scope === '' ? {} : { scopeKind, scope };
  await tx.record({ kind: 'ApiToken', id, name, after: { role, ...whose, ...where, prefix, expiresAt } });
  return { token: tokenModel(record), secret };
}

function tooLong(): MutationFailure {
  const message = `1 to ${MAX_DAYS} days`;
  return failure('INVALID', message, { issues: [issue('ISM0999', { path: 'expiresInDays', message })] });
}

/** A failure that says one thing of one field. */
export function outOfRange(path: string, message: string): MutationFailure {
  return failure('INVALID', message, { issues: [issue('ISM0506', { path, message })] });
}

/** Nothing is taken away that nobody could give back. */
export function lastWayIn(path: string): MutationFailure {
  const message = 'Nobody could administer the organization without it';
  return failure('REFUSED', message, {
    issues: [issue('ISM0988', { path, message, hint: ISSUE_CATALOG.ISM0988.fix })],
  });
}
