import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@isthmus/platform';
import type { MutationTx, Store, TokenRecord } from '@isthmus/store';
import { ORGANIZATION } from '../../auth/places.js';
import { outlastedEnd, requireHeld, WHOLE } from '../../auth/require-held.js';
import { permissionsOfRole } from '../../auth/rights.js';
import { roleOfToken, type TokenRole } from '../../auth/roles.js';
import type { SignInSettings } from '../../auth/sign-in-settings.js';
import { auditOf, authorize, authorizeAt, type Viewer } from '../../auth/viewer.js';
import { wouldShutOut } from '../../auth/ways-in.js';
import { CLOCK, SIGN_IN_SETTINGS, STORE } from '../../core/tokens.js';
import { failure, type MutationFailure } from '../results/failure.js';
import { tooLong } from '../roles/role-faults.js';
import {
  endOfToken,
  lastWayIn,
  makeToken,
  outOfRange,
  recordRevoked,
  tokenFailure,
  tokenModel,
  type CreatedToken,
  type TokenModel,
} from './new-token.js';

/** API tokens: made, listed, revoked; their secrets are never stored. */
@Injectable()
export class TokensService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SIGN_IN_SETTINGS) private readonly settings: SignInSettings,
  ) {}

  async list(viewer: Viewer): Promise<TokenModel[]> {
    const { org } = authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
    return (await this.store.withTenant(org, (tx) => tx.tokens.list())).map(tokenModel);
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
    const permissions = permissionsOfRole(roleOfToken(role), []);
    requireHeld(viewer, permissions, WHOLE);
    const fault = tokenFailure(input);
    if (fault !== undefined) return fault;
    const life = { now: this.clock.now(), days };
    const end = outlastedEnd(viewer, permissions, { scope: WHOLE, until: endOfToken(life) });
    if (end !== undefined) return tooLong('expiresInDays', end);
    return this.store.mutate(org, auditOf(viewer, 'createApiToken'), (tx) =>
      makeToken(tx, viewer, { name, role, life }),
    );
  }

  /** The caller's own. */
  async personal(viewer: Viewer): Promise<TokenModel[]> {
    const { org, account } = authorize(viewer, 'viewer.read');
    if (account === undefined) return [];
    const tokens = await this.store.withTenant(org, (tx) => tx.tokens.list());
    return tokens.filter((token) => isOf(token, account.id)).map(tokenModel);
  }

  /** A token in the caller's own name; it never has more than the person has when it is used. Only a session makes one, never a token. */
  async createPersonal(viewer: Viewer, input: NewPersonalToken): Promise<CreatedToken | MutationFailure> {
    const { org, account, sessionId } = authorize(viewer, 'viewer.read');
    const { name, role, project, days } = input;
    if (account === undefined || sessionId === undefined)
      return failure('REFUSED', 'Personal tokens are made by people who are signed in, not by tokens');
    const fault = tokenFailure(input);
    if (fault !== undefined) return fault;
    const scope = project === undefined ? {} : { scopeKind: 'PROJECT' as const, scope: project };
    return this.store.mutate(org, auditOf(viewer, 'createPersonalToken'), async (tx) => {
      if (permissionsOfRole(role, await tx.customRoles.list()).size === 0)
        return outOfRange('role', `there is no role ${role}`);
      const whose = { ownerKind: 'USER' as const, owner: account.id };
      return makeToken(tx, viewer, { name, role, ...whose, ...scope, life: { now: this.clock.now(), days } });
    });
  }

  /** At once, with those that were made by it; not the last one by which the organization can be administered. */
  async revoke(viewer: Viewer, id: string): Promise<TokenModel | MutationFailure> {
    const { org, account } = authorize(viewer, 'viewer.read');
    return this.store.mutate(org, auditOf(viewer, 'revokeApiToken'), async (tx) => {
      await tx.lock('roles');
      const record = (await tx.tokens.list()).find((token) => token.id === id);
      const isOwn = record !== undefined && account !== undefined && isOf(record, account.id);
      if (!isOwn) authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
      if (record === undefined) return failure('NOT_FOUND', 'There is no such token');
      if (await this.isLast(tx, record)) return lastWayIn('tokenId');
      await recordRevoked(tx, await tx.tokens.revoke(id), (token) => token.id === id);
      return tokenModel({ ...record, revokedAt: record.revokedAt ?? this.clock.now() });
    });
  }

  private isLast(tx: MutationTx, record: TokenRecord): Promise<boolean> {
    return wouldShutOut(tx, { kind: 'TOKEN', record }, { settings: this.settings, now: this.clock.now() });
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
