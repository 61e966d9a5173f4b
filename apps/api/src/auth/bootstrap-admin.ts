import { access, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { atomicWriteFile } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import { hashToken, newApiToken, shownPrefix } from './api-token.js';

/** `created`: the file now holds the first token. `kept`: the organization has tokens already. */
export type BootstrapOutcome = { outcome: 'created' | 'kept'; file: string };

/** Makes the first admin token of an organization that has none, and writes it to a file that only its owner can read. */
export async function bootstrapAdmin(store: Store, at: { org: string; file: string }): Promise<BootstrapOutcome> {
  const { org, file } = at;
  const token = newApiToken();
  const audit = { actor: 'system:bootstrap', action: 'createApiToken' };
  const created = await store.mutate(org, audit, async (tx) => {
    await tx.lock('bootstrap-admin');
    const live = (await tx.tokens.list()).filter((record) => record.revokedAt === undefined);
    if (live.length > 0 && (live.some((record) => record.name !== BOOTSTRAP_NAME) || (await exists(file))))
      return false;
    for (const lost of live) await tx.tokens.revoke(lost.id);
    const record = await tx.tokens.create({
      prefix: shownPrefix(token),
      hash: hashToken(token),
      name: BOOTSTRAP_NAME,
      role: 'admin',
    });
    await tx.record({ kind: 'ApiToken', id: record.id, name: record.name, after: { role: record.role } });
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
