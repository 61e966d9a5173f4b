import type { AuditRecord as AuditModel, AuditSealRecord } from '@isthmus/store';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { connectionOf, defineConnection, pageArgs, pageRequest } from '../../graphql/connection.js';
import { needs } from '../../graphql/guard.js';
import { Actor, actorOf } from '../actors/actor.type.js';
import { ViewerType } from '../organizations/organizations.queries.js';

export const AuditRecord = builder.objectRef<AuditModel>('AuditRecord').implement({
  description: 'One change: who made it, what it was, and what was there before and after.',
  ...needs('audit.read'),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the row; grows with time.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was made.' }),
    actor: t.exposeString('actor', { description: 'Who made it, like token:… or agent:….' }),
    by: t.field({
      type: Actor,
      description: 'Who that is.',
      resolve: ({ actor }, _args, context) => actorOf(actor, context),
    }),
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
    seal: t.exposeInt('seal', {
      nullable: true,
      description: 'Number of the seal that it is in; null until it is sealed, some seconds after it was made.',
    }),
  }),
});
export const AuditRecordConnection = defineConnection('AuditRecord', AuditRecord);

const AuditFilter = builder.inputType('AuditFilter', {
  description: 'Which changes to list; what is given is ANDed.',
  fields: (t) => ({
    actor: t.string({
      description:
        'Only by this actor: an id like user:…, token:… or agent:…, or a part of the name of people, service accounts and tokens, whatever its case.',
    }),
    action: t.string({ description: 'Only this action.' }),
    subjectKind: t.string({ description: 'Only of this kind of subject.' }),
    subjectId: t.string({ description: 'Only of the subject with this uid or id.' }),
    from: t.field({ type: 'DateTime', description: 'Only at or after this time.' }),
    to: t.field({ type: 'DateTime', description: 'Only before this time.' }),
    seal: t.int({ description: 'Only in the seal of this number.' }),
    sealed: t.boolean({ description: 'false: only in no seal yet; true: only in one.' }),
  }),
});

const AuditSeal = builder.objectRef<AuditSealRecord>('AuditSeal').implement({
  description:
    'A batch of changes that was closed for good. Hashes are SHA-256 in hex; `isthmus audit verify` judges them.',
  ...needs('audit.read'),
  fields: (t) => ({
    seq: t.exposeInt('seq', { description: 'Its number: from 1, without gaps.' }),
    rows: t.exposeInt('rows', { description: 'Number of changes in it.' }),
    rowsHash: t.exposeString('rowsHash', {
      description: 'Over the hashes of the changes (RFC 8785 JSON), one a line, in the order of their ids.',
    }),
    previous: t.exposeString('previous', { description: 'Hash of the seal before it; 64 zeros of the first one.' }),
    sealedAt: t.expose('sealedAt', { type: 'DateTime', description: 'When it was made.' }),
    hash: t.exposeString('hash', {
      description: 'Over RFC 8785 JSON of type isthmus.audit-seal/v1, org, seq, rows, rowsHash, previous and sealedAt.',
    }),
    signature: t.exposeString('signature', { description: 'Ed25519 over that JSON, in base64.' }),
  }),
});
const AuditSealConnection = defineConnection('AuditSeal', AuditSeal);

const RECENT = 10;

/** The filter without what was not given. */
function given<T extends object>(filter: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const set = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(set) as { [K in keyof T]?: NonNullable<T[K]> };
}

builder.objectFields(ViewerType, (t) => ({
  recentChanges: t.field({
    type: [AuditRecord],
    nullable: true,
    description: 'The ten newest changes that the caller may read; null for who may read none.',
    resolve: async (_viewer, _args, context) => {
      const caller = callerOf(context);
      if (!caller.rights.somewhere('audit.read')) return null;
      const { items } = await context.services.audit.list(caller, {}, { first: RECENT });
      return items.map(({ record }) => record);
    },
  }),
}));

builder.queryFields((t) => ({
  auditLog: t.field({
    type: AuditRecordConnection,
    description: 'Changes, newest first.',
    args: { ...pageArgs(t.arg), filter: t.arg({ type: AuditFilter, description: 'Which changes to list.' }) },
    ...needs('audit.read'),
    resolve: async (_root, { filter, ...args }, context) =>
      connectionOf(await context.services.audit.list(callerOf(context), given(filter ?? {}), pageRequest(args)), args),
  }),
  auditSeals: t.field({
    type: AuditSealConnection,
    description: 'Seals of the audit log, the first one first.',
    args: pageArgs(t.arg),
    ...needs('audit.read'),
    resolve: async (_root, args, context) =>
      connectionOf(await context.services.audit.seals(callerOf(context), pageRequest(args)), args),
  }),
  auditSealKeys: t.field({
    type: ['String'],
    description:
      'Ed25519 public keys, in PEM, that seals may be signed with. Who trusts none but itself keeps its own copy.',
    ...needs('audit.read'),
    resolve: async (_root, _args, context) => [...(await context.services.audit.sealKeys(callerOf(context)))],
  }),
}));
