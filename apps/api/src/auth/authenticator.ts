import type { Store } from '@isthmus/store';
import { bearerToken, hashToken } from './api-token.js';
import { grantsFor, joined, rightsOf, type Subject } from './rights.js';
import { roleOfToken } from './roles.js';
import type { Viewer } from './viewer.js';

/** Where a request or socket came from. */
export interface Origin {
  requestId: string;
  ip: string;
}

/** Turns an Authorization header into a viewer, from the store each time: a revoked token stops at once. */
export class Authenticator {
  constructor(private readonly store: Store) {}

  /** Undefined: no token, not ours, unknown, expired or revoked; the caller is not told which. */
  async authenticate(authorization: unknown, origin: Origin): Promise<Viewer | undefined> {
    const token = bearerToken(authorization);
    if (token === undefined) return undefined;
    const hash = hashToken(token);
    const org = await this.store.system.organizationOfToken(hash);
    if (org === undefined) return undefined;
    const found = await this.store.withTenant(org, async (tx) => {
      const record = await tx.tokens.authenticate(hash);
      if (record === undefined) return undefined;
      const subject: Subject = { kind: 'TOKEN', id: record.id, groups: [] };
      return { record, subject, granted: await grantsFor(tx, subject) };
    });
    if (found === undefined) return undefined;
    const { record, subject, granted } = found;
    const own = rightsOf([{ role: roleOfToken(record.role), scope: { kind: 'ORGANIZATION', name: '' } }], []);
    return {
      org,
      actor: `token:${record.id}`,
      tokenId: record.id,
      tokenName: record.name,
      role: record.role,
      subject,
      rights: joined(own, granted),
      ...origin,
    };
  }
}
