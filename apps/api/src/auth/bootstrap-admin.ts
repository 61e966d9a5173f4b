import { access, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { atomicWriteFile } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { hashToken, newApiToken, shownPrefix } from './api-token.js';
import { isLive } from './token-standing.js';

/** `created`: the file now holds the first token. `kept`: the organization has tokens already. */
export type BootstrapOutcome = { outcome: 'created' | 'kept'; file: string };

const DAY_MS = 86_400_000;
/** As long as any token may last. */
const LASTS_MS = 366 * DAY_MS;
/** A start within so long before its end replaces it. */
const RENEWED_MS = 90 * DAY_MS;

/**
 * Makes the first admin token of an organization that has none, and writes it to a file that only its owner can read. It lasts 366 days;
 * as long as there is no other token, one whose file is gone, that is near its end, or that has no end is replaced. Tokens that were made
 * by it are no way in of their own: they end with it, so that it gets a successor near its end and is left to them until then.
 */
export async function bootstrapAdmin(
  store: Store,
  at: { org: string; file: string; now: Date },
): Promise<BootstrapOutcome> {
  const { org, file, now } = at;
  const token = newApiToken();
  const audit = { actor: 'system:bootstrap', action: 'createApiToken' };
  const created = await store.mutate(org, audit, async (tx) => {
    await tx.lock('bootstrap-admin');
    const live = (await tx.tokens.list()).filter((token) => isLive(token, now));
    const others = live.filter(({ name }) => name !== BOOTSTRAP_NAME);
    if (others.some(({ parent }) => parent === undefined)) return false;
    const soon = new Date(now.getTime() + RENEWED_MS);
    const lasts = live.some(
      ({ name, expiresAt }) => name === BOOTSTRAP_NAME && expiresAt !== undefined && expiresAt > soon,
    );
    if (lasts && (others.length > 0 || (await exists(file)))) return false;
    if (others.length === 0) for (const lost of live) await tx.tokens.revoke(lost.id);
    const record = await tx.tokens.create({
      prefix: shownPrefix(token),
      hash: hashToken(token),
      name: BOOTSTRAP_NAME,
      role: 'admin',
      expiresAt: new Date(now.getTime() + LASTS_MS),
    });
    const { id, name, role, expiresAt } = record;
    await tx.record({ kind: 'ApiToken', id, name, after: { role, expiresAt } });
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await atomicWriteFile(file, `${token}\n`, { mode: 0o600 });
    return true;
  });
  return { outcome: created ? 'created' : 'kept', file };
}

/** The name of the token made at first boot; when nothing else exists and its file is gone, a new one replaces it. */
const BOOTSTRAP_NAME = 'bootstrap-admin';

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
