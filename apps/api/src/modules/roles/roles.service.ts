import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@isthmus/platform';
import type { CustomRole, MutationTx, RoleBinding, ScopeRef, Store, SubjectRef } from '@isthmus/store';
import type { Permission } from '../../auth/permissions.js';
import { ORGANIZATION, placeOfScope } from '../../auth/places.js';
import { outlastedEnd, requireHeld, WHOLE } from '../../auth/require-held.js';
import { permissionsOfRole } from '../../auth/rights.js';
import { builtInRole } from '../../auth/roles.js';
import { auditOf, authorize, authorizeAt, type Viewer } from '../../auth/viewer.js';
import { CLOCK, STORE } from '../../core/tokens.js';
import { failure, isFailure, type MutationFailure } from '../results/failure.js';
import {
  grantFailure,
  invalid,
  roleFailure,
  scopeFailure,
  subjectFailure,
  tooLong,
  type CustomRoleInput,
} from './role-faults.js';
import { subjectOf, traceOf } from './role-audit.js';
import { ownerStays } from './last-owner.js';

export interface BindingModel extends RoleBinding {
  typename: 'RoleBinding';
}

export interface GrantInput {
  subject: SubjectRef;
  role: string;
  scope: ScopeRef;
  expiresAt: Date | undefined;
}

const modelOf = (record: RoleBinding): BindingModel => ({ typename: 'RoleBinding', ...record });
const isDone = (outcome: object): boolean => !isFailure(outcome);

/** Who holds which role where; custom roles. Nobody grants or takes away more than he holds himself. */
@Injectable()
export class RolesService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async customRoles(viewer: Viewer): Promise<CustomRole[]> {
    const { org } = authorize(viewer, 'roles.read');
    return this.store.withTenant(org, (tx) => tx.customRoles.list());
  }

  /** Those on parts of the organization where the viewer may see them, by id. */
  async bindings(viewer: Viewer): Promise<BindingModel[]> {
    const { org, rights } = authorize(viewer, 'roles.read');
    const all = await this.store.withTenant(org, (tx) => tx.roleBindings.list());
    return all.filter(({ scope }) => rights.may('roles.read', placeOfScope(scope))).map(modelOf);
  }

  async binding(viewer: Viewer, id: string): Promise<BindingModel | undefined> {
    return (await this.bindings(viewer)).find((one) => one.id === id);
  }

  async grant(viewer: Viewer, input: GrantInput): Promise<BindingModel | MutationFailure> {
    const { org, actor } = authorizeAt(viewer, 'roles.manage', placeOfScope(input.scope));
    const fault = grantFailure(input, this.clock.now());
    if (fault !== undefined) return fault;
    const run = async (tx: MutationTx): Promise<BindingModel | MutationFailure> => {
      await tx.lock('roles');
      if (!(await isRole(tx, input.role))) return invalid('ISM0980', 'role', `There is no role ${input.role}`);
      const permissions = await requireAll(tx, viewer, input);
      const end = outlastedEnd(viewer, permissions, { scope: input.scope, until: input.expiresAt });
      if (end !== undefined) return tooLong('expiresAt', end);
      const missing = (await scopeFailure(tx, input.scope)) ?? (await subjectFailure(tx, input.subject));
      if (missing !== undefined) return missing;
      const { outcome, record } = await tx.roleBindings.put({ ...input, createdBy: actor });
      if (record.role === 'Owner' && outcome === 'changed' && !(await ownerStays(tx, this.clock.now())))
        return lastOwner();
      if (outcome !== 'unchanged') await tx.record({ ...subjectOf(record), after: traceOf(record) });
      return modelOf(record);
    };
    return this.store.mutate(org, auditOf(viewer, 'grantRole'), run, { commitIf: isDone });
  }

  async revoke(viewer: Viewer, id: string): Promise<BindingModel | MutationFailure> {
    const { org } = authorize(viewer, 'roles.manage');
    const absent = () => failure('NOT_FOUND', 'There is no such grant');
    const run = async (tx: MutationTx): Promise<BindingModel | MutationFailure> => {
      await tx.lock('roles');
      const record = await tx.roleBindings.get(id);
      if (record === undefined) return absent();
      const place = placeOfScope(record.scope);
      if (!viewer.rights.may('roles.read', place)) return absent();
      authorizeAt(viewer, 'roles.manage', place);
      await requireAll(tx, viewer, record);
      await tx.roleBindings.remove(id);
      if (record.role === 'Owner' && !(await ownerStays(tx, this.clock.now()))) return lastOwner();
      await tx.record({ ...subjectOf(record), before: traceOf(record) });
      return modelOf(record);
    };
    return this.store.mutate(org, auditOf(viewer, 'revokeRole'), run, { commitIf: isDone });
  }

  async putRole(viewer: Viewer, input: CustomRoleInput): Promise<CustomRole | MutationFailure> {
    const { org } = authorizeAt(viewer, 'roles.manage', ORGANIZATION);
    const fault = roleFailure(input);
    if (fault !== undefined) return fault;
    requireHeld(viewer, permissionsOfRole(input.name, [input]), WHOLE);
    return this.store.mutate(org, auditOf(viewer, 'putCustomRole'), async (tx) => {
      await tx.lock('roles');
      const before = await tx.customRoles.get(input.name);
      const had = permissionsOfRole(input.name, before === undefined ? [] : [before]);
      requireHeld(viewer, had, WHOLE);
      const added = [...permissionsOfRole(input.name, [input])].filter((permission) => !had.has(permission));
      const end = outlastedEnd(viewer, added, { scope: WHOLE, until: undefined });
      if (end !== undefined) return tooLong('permissions', end);
      const role = await tx.customRoles.put({ ...input, permissions: [...new Set(input.permissions)].sort() });
      const trace = (one: CustomRole) => ({ description: one.description, permissions: one.permissions });
      await tx.record({
        ...{ kind: 'CustomRole', id: role.name, name: role.name, after: trace(role) },
        ...(before === undefined ? {} : { before: trace(before) }),
      });
      return role;
    });
  }

  async deleteRole(viewer: Viewer, name: string): Promise<CustomRole | MutationFailure> {
    const { org } = authorizeAt(viewer, 'roles.manage', ORGANIZATION);
    return this.store.mutate(org, auditOf(viewer, 'deleteCustomRole'), async (tx) => {
      await tx.lock('roles');
      const role = await tx.customRoles.get(name);
      if (role === undefined) return failure('NOT_FOUND', `There is no custom role ${name}`);
      requireHeld(viewer, permissionsOfRole(name, [role]), WHOLE);
      const holders = (await tx.roleBindings.list()).filter((binding) => binding.role === name).length;
      if (holders > 0) return invalid('ISM0985', 'name', `${name} is granted ${holders} times`, 'REFUSED');
      await tx.customRoles.remove(name);
      const before = { description: role.description, permissions: role.permissions };
      await tx.record({ kind: 'CustomRole', id: name, name, before });
      return role;
    });
  }
}

async function isRole(tx: MutationTx, name: string): Promise<boolean> {
  return builtInRole(name) !== undefined || (await tx.customRoles.get(name)) !== undefined;
}

/** What the role gives. Throws FORBIDDEN, with the first permission that the viewer lacks where the role is granted. */
async function requireAll(
  tx: MutationTx,
  viewer: Viewer,
  grant: { role: string; scope: ScopeRef },
): Promise<ReadonlySet<Permission>> {
  const custom = await tx.customRoles.get(grant.role);
  const permissions = permissionsOfRole(grant.role, custom === undefined ? [] : [custom]);
  requireHeld(viewer, permissions, grant.scope);
  return permissions;
}

function lastOwner(): MutationFailure {
  return invalid('ISM0984', '', 'Nobody would hold Owner any more', 'REFUSED');
}
