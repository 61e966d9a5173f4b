import { issue, type IssueCode } from '@isthmus/domain';
import type { CustomRole, ResourceKey, ScopeRef, SubjectRef, TenantTx } from '@isthmus/store';
import { gnsScopeName } from '../../auth/places.js';
import { isPermission } from '../../auth/permissions.js';
import { isReservedName } from '../../auth/roles.js';
import { failure, type FailureCode, type MutationFailure } from '../results/failure.js';

export type CustomRoleInput = Omit<CustomRole, 'updatedAt'>;

const SUBJECT = /^[^\p{C}]{1,200}$/u;
const ROLE_NAME = /^[A-Za-z][A-Za-z0-9-]{0,62}$/;
const DESCRIPTION = /^[^\p{C}]{0,200}$/u;

/** A failure that says one thing of one field. */
export function invalid(
  code: IssueCode,
  path: string,
  ...[message, as = 'INVALID']: [message: string, as?: FailureCode]
): MutationFailure {
  return failure(as, message, { issues: [issue(code, { path, message })] });
}

/** What is wrong with a grant by itself. */
export function grantFailure(
  { subject, expiresAt }: { subject: SubjectRef; expiresAt: Date | undefined },
  now: Date,
): MutationFailure | undefined {
  if (!SUBJECT.test(subject.id) || subject.id.trim() === '')
    return invalid('ISM0986', 'subject', 'a subject has 1 to 200 visible characters');
  if (expiresAt !== undefined && expiresAt <= now) return invalid('ISM0987', 'expiresAt', 'that time is over');
  return undefined;
}

/** Nobody gives for longer what he holds until a time: `end`. */
export function tooLong(path: string, end: Date): MutationFailure {
  return invalid('ISM0577', path, `You hold what it gives until ${end.toISOString()} yourself`);
}

const NOBODY = {
  USER: 'There is no account',
  SERVICE_ACCOUNT: 'There is no service account',
  TOKEN: 'There is no unrevoked token',
} as const;

/**
 * A failure if a grant would be nobody's: ids are made by the server, so one that it does not know can never be anybody. Groups are the
 * identity providers', and any name may be one.
 */
export async function subjectFailure(
  tx: Pick<TenantTx, 'accounts' | 'serviceAccounts' | 'tokens'>,
  { kind, id }: SubjectRef,
): Promise<MutationFailure | undefined> {
  if (kind === 'GROUP' || (await isKnown(tx, { kind, id }))) return undefined;
  return invalid('ISM0986', 'subject', `${NOBODY[kind]} ${id}`);
}

async function isKnown(
  tx: Pick<TenantTx, 'accounts' | 'serviceAccounts' | 'tokens'>,
  { kind, id }: { kind: keyof typeof NOBODY; id: string },
): Promise<boolean> {
  switch (kind) {
    case 'USER':
      return (await tx.accounts.get(id)) !== undefined;
    case 'SERVICE_ACCOUNT':
      return (await tx.serviceAccounts.get(id)) !== undefined;
    case 'TOKEN':
      return (await tx.tokens.list()).some((token) => token.id === id && token.revokedAt === undefined);
  }
}

/** What is wrong with a custom role by itself. */
export function roleFailure({ name, description, permissions }: CustomRoleInput): MutationFailure | undefined {
  if (!ROLE_NAME.test(name) || isReservedName(name)) return invalid('ISM0982', 'name', `${name} cannot name a role`);
  if (!DESCRIPTION.test(description))
    return invalid('ISM0982', 'description', 'a description has at most 200 visible characters');
  if (permissions.length === 0) return invalid('ISM0981', 'permissions', 'a role lists at least one permission');
  const unknown = permissions.findIndex((permission) => !isPermission(permission));
  if (unknown < 0) return undefined;
  return invalid('ISM0981', `permissions[${unknown}]`, `${permissions[unknown] ?? ''} is no permission`);
}

/** What a scope of each kind is the name of. */
function keyOfScope({ kind, name }: ScopeRef): ResourceKey | undefined {
  const [project = '', gns = '', ...rest] = name.split('/');
  switch (kind) {
    case 'ORGANIZATION':
      return undefined;
    case 'PROJECT':
      return { kind: 'Project', project: '', name };
    case 'GLOBAL_NAMESPACE':
      return { kind: 'GlobalNamespace', project, name: [gns, ...rest].join('/') };
    case 'CLUSTER_GROUP':
      return { kind: 'ClusterGroup', project: '', name };
  }
}

/** A failure if there is nothing of this name to grant a role on. */
export async function scopeFailure(
  tx: Pick<TenantTx, 'resources'>,
  scope: ScopeRef,
): Promise<MutationFailure | undefined> {
  const key = keyOfScope(scope);
  if (key === undefined)
    return scope.name === '' ? undefined : invalid('ISM0983', 'scope', 'the organization has no name here');
  if ((await tx.resources.get(key)) !== undefined) return undefined;
  return invalid('ISM0983', 'scope', `There is no ${key.kind} ${scope.name}`);
}

/** The scope whose grants go when a resource goes; undefined for kinds on which nothing is granted. */
export function scopeOfResource({ kind, project, name }: ResourceKey): ScopeRef | undefined {
  if (kind === 'Project') return { kind: 'PROJECT', name };
  if (kind === 'ClusterGroup') return { kind: 'CLUSTER_GROUP', name };
  return kind === 'GlobalNamespace' ? { kind: 'GLOBAL_NAMESPACE', name: gnsScopeName(project, name) } : undefined;
}
