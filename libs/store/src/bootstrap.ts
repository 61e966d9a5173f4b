import { DEFAULT_PROJECT } from '@isthmus/domain';
import { withClient } from './client/with-client.js';
import type { Store } from './types/store.js';

export const DEFAULT_ORGANIZATION = 'default';

export interface BootstrapOptions {
  connectionString: string;
  store: Store;
  /** Default `default`. */
  org?: string;
  displayName?: string;
  /** The admin token, made by the caller: only its hash comes here. Absent: no token is made. */
  adminToken?: { prefix: string; hash: string };
}

/** Makes what a fresh install needs, once: the organization, its default project, the admin token. Repeating it changes nothing. */
export async function bootstrap(options: BootstrapOptions): Promise<{ org: string; tokenCreated: boolean }> {
  const org = options.org ?? DEFAULT_ORGANIZATION;
  await addOrganization(options.connectionString, { id: org, displayName: options.displayName ?? org });
  const tokenCreated = await options.store.mutate(
    org,
    { actor: 'system:bootstrap', action: 'bootstrap' },
    async (tx) => {
      await tx.lock('bootstrap');
      const key = { kind: 'Project' as const, project: '', name: DEFAULT_PROJECT };
      if ((await tx.resources.get(key)) === undefined)
        await tx.resources.put({ ...key, spec: {}, expectedVersion: null });
      const { adminToken } = options;
      if (adminToken === undefined || (await tx.tokens.isLive(adminToken.hash))) return false;
      const token = await tx.tokens.create({ ...adminToken, name: 'bootstrap-admin', role: 'admin' });
      await tx.record({
        kind: 'ApiToken',
        id: token.id,
        name: token.name,
        after: { prefix: token.prefix, role: token.role },
      });
      return true;
    },
  );
  return { org, tokenCreated };
}

/** Organizations are made by the owner of the tables, never by the application's role. */
export async function addOrganization(
  connectionString: string,
  organization: { id: string; displayName: string },
): Promise<void> {
  await withClient(connectionString, (client) =>
    client.query('INSERT INTO organization (id, display_name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [
      organization.id,
      organization.displayName,
    ]),
  );
}
