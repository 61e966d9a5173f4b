import type { RoleBinding } from '@isthmus/store';

/** What an audit row about a grant is about. */
export function subjectOf({ id, subject, scope }: RoleBinding) {
  const [project = ''] = scope.kind === 'PROJECT' || scope.kind === 'GLOBAL_NAMESPACE' ? scope.name.split('/') : [];
  return { kind: 'RoleBinding', id, project, name: `${subject.kind}/${subject.id}` };
}

/** What an audit row says of a grant. */
export function traceOf({ subject, role, scope, expiresAt }: RoleBinding) {
  return { subject, role, scope, expiresAt: expiresAt?.toISOString() ?? null };
}
