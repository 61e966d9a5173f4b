import type { AuditRecord as AuditModel } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { connectionOf, defineConnection, pageArgs, pageRequest } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';

const AuditRecord = builder.objectRef<AuditModel>('AuditRecord').implement({
  description: 'One change: who made it, what it was, and what was there before and after.',
  ...needs('audit.read'),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the row; grows with time.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was made.' }),
    actor: t.exposeString('actor', { description: 'Who made it, like token:… or agent:….' }),
    action: t.exposeString('action', { description: 'What was done, like applyResources.' }),
    subjectKind: t.exposeString('subjectKind', { description: 'Kind of what was changed.' }),
    subjectId: t.exposeString('subjectId', { description: 'uid or id of what was changed.' }),
    name: t.exposeString('name', { description: 'Its name, if it has one.' }),
    projectName: t.exposeString('project', { description: 'Its project, if it has one.' }),
    before: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What was there before; null if nothing was.',
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What was there afterwards; null if nothing was.',
      resolve: ({ after }) => after,
    }),
    requestId: t.exposeString('requestId', { nullable: true, description: 'Id of the request.' }),
    tokenId: t.exposeString('tokenId', { nullable: true, description: 'Id of the token.' }),
    ip: t.exposeString('ip', { nullable: true, description: 'Address the request came from.' }),
  }),
});
const AuditRecordConnection = defineConnection('AuditRecord', AuditRecord);

const AuditFilter = builder.inputType('AuditFilter', {
  description: 'Which changes to list; what is given is ANDed.',
  fields: (t) => ({
    actor: t.string({ description: 'Only by this actor.' }),
    action: t.string({ description: 'Only this action.' }),
    subjectKind: t.string({ description: 'Only of this kind of subject.' }),
    subjectId: t.string({ description: 'Only of the subject with this uid or id.' }),
    from: t.field({ type: 'DateTime', description: 'Only at or after this time.' }),
    to: t.field({ type: 'DateTime', description: 'Only before this time.' }),
  }),
});

/** The filter without what was not given. */
function given<T extends object>(filter: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const set = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(set) as { [K in keyof T]?: NonNullable<T[K]> };
}

builder.queryFields((t) => ({
  auditLog: t.field({
    type: AuditRecordConnection,
    description: 'Changes, newest first.',
    args: { ...pageArgs(t.arg), filter: t.arg({ type: AuditFilter, description: 'Which changes to list.' }) },
    ...needs('audit.read'),
    resolve: async (_root, { filter, ...args }, context) =>
      connectionOf(await context.services.audit.list(callerOf(context), given(filter ?? {}), pageRequest(args)), args),
  }),
}));
