import { ISSUE_CATALOG, issue } from '@isthmus/domain';
import type { MutationTx, NewToken, TokenRecord } from '@isthmus/store';
import { hashToken, newApiToken, shownPrefix } from '../../auth/api-token.js';
import { isLive } from '../../auth/token-standing.js';
import { unauthenticated, type Viewer } from '../../auth/viewer.js';
import { failure, isFailure, type MutationFailure } from '../results/failure.js';

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

/** How long a token is to last from now; undefined: as usual. */
interface TokenLife {
  now: Date;
  days: number | undefined;
}

/** When a token that is made now ends. */
export function endOfToken({ now, days = USUAL_DAYS }: TokenLife): Date {
  return new Date(now.getTime() + days * DAY_MS);
}

/** What a new token is to be, apart from what follows from its maker. */
export type WantedToken = Omit<NewToken, 'prefix' | 'hash' | 'expiresAt' | 'createdBy' | 'parent'>;

/**
 * Stores a new token and writes it to the audit log, without its secret. One that is made by a token ends with that one: at its end at
 * the latest, which counts where nothing is said, and whenever it is revoked.
 */
export async function makeToken(
  tx: MutationTx,
  viewer: Viewer,
  { life, ...wanted }: WantedToken & { life: TokenLife },
): Promise<CreatedToken | MutationFailure> {
  const bounds = await boundsBy(tx, viewer, life);
  if (isFailure(bounds)) return bounds;
  const { parent, expiresAt } = bounds;
  const secret = newApiToken();
  const record = await tx.tokens.create({
    ...{ ...wanted, createdBy: viewer.actor, expiresAt, ...(parent && { parent }) },
    ...{ prefix: shownPrefix(secret), hash: hashToken(secret) },
  });
  const { id, name, role, prefix, ownerKind, owner, scopeKind, scope } = record;
  const whose = ownerKind === '' ? {} : { ownerKind, owner };
  const where = scope === '' ? {} : { scopeKind, scope };
  const endsWith = parent && { endsWith: parent };
  await tx.record({ kind: 'ApiToken', id, name, after: { role, ...whose, ...where, prefix, expiresAt, ...endsWith } });
  return { token: tokenModel(record), secret };
}

/** What follows for a token from the one by which it is made, if it is by one. */
async function boundsBy(
  tx: MutationTx,
  { tokenId }: Viewer,
  life: TokenLife,
): Promise<{ parent?: string; expiresAt: Date } | MutationFailure> {
  const asked = endOfToken(life);
  if (tokenId === undefined) return { expiresAt: asked };
  const maker = await liveMaker(tx, tokenId, life.now);
  if (await isMadeByMany(tx, maker))
    return failure('REFUSED', `Tokens make tokens that make tokens, ${MOST_MAKERS} at most; sign in to make one`);
  const end = maker.expiresAt ?? asked;
  if (life.days !== undefined && asked > end) return outlasting('expiresInDays', end);
  return { parent: maker.id, expiresAt: asked < end ? asked : end };
}

/** More than anybody needs: each is looked at whenever the last one is used. */
const MOST_MAKERS = 4;

/** The token by which another one is made. Under the lock under which tokens are revoked, so that it is not revoked meanwhile. */
async function liveMaker(tx: MutationTx, id: string, now: Date): Promise<TokenRecord> {
  await tx.lock('roles');
  const maker = await tx.tokens.get(id);
  if (maker === undefined || !isLive(maker, now)) throw unauthenticated();
  return maker;
}

async function isMadeByMany(tx: MutationTx, maker: TokenRecord): Promise<boolean> {
  let [line, next] = [1, maker.parent];
  while (next !== undefined && line < MOST_MAKERS) {
    next = (await tx.tokens.get(next))?.parent;
    line += 1;
  }
  return next !== undefined;
}

function outlasting(path: string, end: Date): MutationFailure {
  const message = `The token by which you make it ends ${end.toISOString()} itself`;
  return failure('INVALID', message, { issues: [issue('ISM0577', { path, message })] });
}

/** Writes revoked tokens to the audit log; those that went because their maker did say so. */
export async function recordRevoked(
  tx: MutationTx,
  revoked: readonly TokenRecord[],
  isMeant: (token: TokenRecord) => boolean,
): Promise<void> {
  for (const token of revoked) {
    const after = isMeant(token) ? {} : { after: { endedWith: token.parent } };
    await tx.record({ kind: 'ApiToken', id: token.id, name: token.name, ...after });
  }
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
