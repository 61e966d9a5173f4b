import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@isthmus/platform';
import type { MutationTx, ServiceAccountRecord, Store, TokenScopeKind } from '@isthmus/store';
import { gnsScopeName, ORGANIZATION } from '../../auth/places.js';
import { outlastedEnd, requireHeld } from '../../auth/require-held.js';
import { permissionsOfRole } from '../../auth/rights.js';
import type { SignInSettings } from '../../auth/sign-in-settings.js';
import { auditOf, authorizeAt, type Viewer } from '../../auth/viewer.js';
import { wouldShutOut } from '../../auth/ways-in.js';
import { CLOCK, SIGN_IN_SETTINGS, STORE } from '../../core/tokens.js';
import type { Loaders } from '../../graphql/loaders.js';
import { failure, type MutationFailure } from '../results/failure.js';
import { scopeFailure, tooLong } from '../roles/role-faults.js';
import { subjectOf, traceOf } from '../roles/role-audit.js';
import {
  endOfToken,
  lastWayIn,
  makeToken,
  outOfRange,
  tokenFailure,
  tokenModel,
  type CreatedToken,
  type TokenModel,
} from '../tokens/new-token.js';

/** What is asked for in a token of a service account. */
export interface NewServiceToken {
  account: string;
  name: string;
  role: string;
  project: string | undefined;
  globalNamespace: string | undefined;
  days: number | undefined;
}

const NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const DESCRIPTION = /^[^\p{C}]{0,200}$/u;
const absent = () => failure('NOT_FOUND', 'There is no such service account');

/** Programs that call in their own name: what they may do is granted to them like to people, their tokens never have more. */
@Injectable()
export class ServiceAccountsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SIGN_IN_SETTINGS) private readonly settings: SignInSettings,
  ) {}

  async list(viewer: Viewer): Promise<ServiceAccountRecord[]> {
    const { org } = authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
    return this.store.withTenant(org, (tx) => tx.serviceAccounts.list());
  }

  async named(viewer: Viewer, name: string): Promise<ServiceAccountRecord | undefined> {
    return (await this.list(viewer)).find((account) => account.name === name);
  }

  /** Tokens of an account, revoked ones included. */
  async tokens(viewer: Viewer, id: string, loaders: Pick<Loaders, 'tokensOfServiceAccount'>): Promise<TokenModel[]> {
    authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
    return (await loaders.tokensOfServiceAccount.load(id)).map(tokenModel);
  }

  /** Without a role at first: grantRole gives it some. */
  async create(
    viewer: Viewer,
    { name, description }: { name: string; description: string },
  ): Promise<ServiceAccountRecord | MutationFailure> {
    const { org, actor: createdBy } = authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
    if (!NAME.test(name)) return outOfRange('name', 'a name has 1 to 63 lower-case letters, digits and hyphens');
    if (!DESCRIPTION.test(description))
      return outOfRange('description', 'a description has at most 200 visible characters');
    return this.store.mutate(org, auditOf(viewer, 'createServiceAccount'), async (tx) => {
      const made = await tx.serviceAccounts.create({ name, description, role: '', createdBy });
      if (made === undefined) return outOfRange('name', `there is a service account ${name} already`);
      await tx.record({ kind: 'ServiceAccount', id: made.id, name, after: { description } });
      return made;
    });
  }

  /** Disabled, its tokens count for nothing, at once; enabled again they do, unless they ended meanwhile. */
  async setDisabled(viewer: Viewer, id: string, disabled: boolean): Promise<ServiceAccountRecord | MutationFailure> {
    const action = disabled ? 'disableServiceAccount' : 'enableServiceAccount';
    return this.change(viewer, { id, action, isLoss: disabled }, async (tx, account) => {
      if ((account.disabledAt !== undefined) !== disabled) {
        await tx.serviceAccounts.update(id, { disabled });
        await tx.record({ kind: 'ServiceAccount', id, name: account.name });
      }
      return (await tx.serviceAccounts.get(id)) ?? account;
    });
  }

  /** For good: its tokens are revoked, and what was granted to it goes with it, which its caller must hold. */
  async remove(viewer: Viewer, id: string): Promise<ServiceAccountRecord | MutationFailure> {
    return this.change(viewer, { id, action: 'deleteServiceAccount', isLoss: true }, async (tx, account) => {
      const customRoles = await tx.customRoles.list();
      const granted = (await tx.roleBindings.list()).filter(
        ({ subject }) => subject.kind === 'SERVICE_ACCOUNT' && subject.id === id,
      );
      for (const { role, scope } of granted) requireHeld(viewer, permissionsOfRole(role, customRoles), scope);
      for (const binding of granted) {
        await tx.roleBindings.remove(binding.id);
        await tx.record({ ...subjectOf(binding), before: traceOf(binding) });
      }
      const tokens = (await tx.tokens.revokeOf('SERVICE_ACCOUNT', id)).map((token) => token.id);
      await tx.serviceAccounts.remove(id);
      const before = { description: account.description, tokens };
      await tx.record({ kind: 'ServiceAccount', id, name: account.name, before });
      return account;
    });
  }

  /** Throws FORBIDDEN where the role of the token may do what the viewer may not. */
  async createToken(viewer: Viewer, input: NewServiceToken): Promise<CreatedToken | MutationFailure> {
    const { org } = authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
    const { account: owner, name, role, days } = input;
    const fault = tokenFailure(input);
    if (fault !== undefined) return fault;
    const scope = scopeOf(input);
    return this.store.mutate(org, auditOf(viewer, 'createServiceAccountToken'), async (tx) => {
      if ((await tx.serviceAccounts.get(owner)) === undefined) return absent();
      const permissions = permissionsOfRole(role, await tx.customRoles.list());
      if (permissions.size === 0) return outOfRange('role', `there is no role ${role}`);
      requireHeld(viewer, permissions, scope);
      const nowhere = await scopeFailure(tx, scope);
      if (nowhere !== undefined) return nowhere;
      const life = { now: this.clock.now(), days };
      const end = outlastedEnd(viewer, permissions, { scope, until: endOfToken(life) });
      if (end !== undefined) return tooLong('expiresInDays', end);
      const whose = { ownerKind: 'SERVICE_ACCOUNT' as const, owner };
      return makeToken(tx, viewer, { name, role, ...whose, scopeKind: scope.kind, scope: scope.name, life });
    });
  }

  private async change(
    viewer: Viewer,
    { id, action, isLoss }: { id: string; action: string; isLoss: boolean },
    work: (tx: MutationTx, account: ServiceAccountRecord) => Promise<ServiceAccountRecord>,
  ): Promise<ServiceAccountRecord | MutationFailure> {
    const { org } = authorizeAt(viewer, 'tokens.manage', ORGANIZATION);
    return this.store.mutate(org, auditOf(viewer, action), async (tx) => {
      await tx.lock('roles');
      const record = await tx.serviceAccounts.get(id);
      if (record === undefined) return absent();
      const at = { settings: this.settings, now: this.clock.now() };
      if (isLoss && (await wouldShutOut(tx, { kind: 'SERVICE_ACCOUNT', record }, at))) return lastWayIn('id');
      return work(tx, record);
    });
  }
}

/** The whole organization, a project, or a global namespace of it (of `default` where none is named). */
function scopeOf({ project, globalNamespace }: NewServiceToken): { kind: TokenScopeKind; name: string } {
  if (globalNamespace !== undefined)
    return { kind: 'GLOBAL_NAMESPACE', name: gnsScopeName(project ?? 'default', globalNamespace) };
  return project === undefined ? { kind: 'ORGANIZATION', name: '' } : { kind: 'PROJECT', name: project };
}
