import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import { needs } from '../../graphql/guard.js';
import { defineResult } from '../results/result.type.js';
import type { AccountModel, SessionModel } from './sessions.service.js';

const Account = builder.objectRef<AccountModel>('Account').implement({
  description: 'A person, as an identity provider told of them.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Id, as roles are granted to it.' }),
    name: t.exposeString('name', { description: 'Name for people.' }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'Address of mail, where the provider stands for it.',
    }),
    provider: t.exposeString('provider', { description: 'Name of the identity provider.' }),
    groups: t.stringList({
      description: 'Groups with their provider before them, as roles are granted to them.',
      resolve: ({ provider, groups }) => groups.map((group) => `${provider}:${group}`),
    }),
    signedInAt: t.expose('signedInAt', { type: 'DateTime', description: 'When the person signed in last.' }),
    confirmedAt: t.expose('confirmedAt', {
      type: 'DateTime',
      description: 'When the provider stood for the person last.',
    }),
    suspendedReason: t.exposeString('suspendedReason', {
      nullable: true,
      description: 'Why personal tokens are stopped until the next sign-in; null: they are not.',
    }),
    lockedAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody locked the account.',
    }),
    viewerCanLock: t.exposeBoolean('viewerCanLock', {
      description: 'True if the caller may lock and unlock it: nobody does of who administers more (ISM0579).',
    }),
  }),
});

const Session = builder.objectRef<SessionModel>('Session').implement({
  description: 'A session of a person.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id, for endSession.' }),
    kind: t.exposeString('kind', { description: 'BROWSER or CLI.' }),
    account: t.field({ type: Account, nullable: true, description: 'Whose it is.', resolve: ({ person }) => person }),
    device: t.exposeString('device', { description: 'What the browser or host calls itself.' }),
    ip: t.exposeString('ip', { description: 'Address that it was begun from.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was begun.' }),
    seenAt: t.expose('seenAt', { type: 'DateTime', description: 'When it was last used, to the minute.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends at the latest.' }),
    checkedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the provider stood for it last; null: no provider does.',
      resolve: ({ vouched }) => vouched?.checkedAt,
    }),
    checkFault: t.string({
      nullable: true,
      description: 'Why the provider cannot be asked now.',
      resolve: ({ vouched }) => vouched?.fault,
    }),
    isCurrent: t.boolean({
      description: 'True if the caller uses this very session.',
      resolve: ({ id }, _args, context) => callerOf(context).sessionId === id,
    }),
    viewerCanEnd: t.exposeBoolean('viewerCanEnd', {
      description:
        'True if the caller may end it: one’s own, or with sessions.manage those of who does not administer more (ISM0579).',
    }),
  }),
});

const EndedSession = builder.objectRef<{ id: string }>('EndedSession').implement({
  description: 'A session that is over.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'Its id.' }) }),
});
const EndSessionResult = defineResult('EndSession', EndedSession);
const LockAccountResult = defineResult('LockAccount', Account);

builder.queryFields((t) => ({
  sessions: t.field({
    type: [Session],
    description: 'Live sessions, newest first: one’s own, or those of all, which needs sessions.manage.',
    args: { all: t.arg.boolean({ defaultValue: false, description: 'True: of all people.' }) },
    ...needs('viewer.read'),
    resolve: (_root, { all }, context) => context.services.sessions.list(callerOf(context), all === true),
  }),
  accounts: t.field({
    type: [Account],
    description: 'People who have signed in.',
    ...needs('sessions.manage'),
    resolve: (_root, _args, context) => context.services.sessions.accounts(callerOf(context)),
  }),
}));

builder.mutationFields((t) => ({
  endSession: t.field({
    type: EndSessionResult,
    description: 'Ends a session at once, one’s own or, with sessions.manage, any; its open streams are cut.',
    args: { sessionId: t.arg.id({ required: true, description: 'Id of the session.' }) },
    ...needs('viewer.read'),
    resolve: (_root, { sessionId }, context) => context.services.sessions.end(callerOf(context), sessionId),
  }),
  lockAccount: t.field({
    type: LockAccountResult,
    description: 'Locks a person out: sessions end, personal tokens stop, signing in is refused.',
    args: { accountId: t.arg.string({ required: true, description: 'Id of the account.' }) },
    ...needs('sessions.manage'),
    resolve: (_root, { accountId }, context) => context.services.sessions.setLocked(callerOf(context), accountId, true),
  }),
  unlockAccount: t.field({
    type: LockAccountResult,
    description: 'Lets a locked person sign in again.',
    args: { accountId: t.arg.string({ required: true, description: 'Id of the account.' }) },
    ...needs('sessions.manage'),
    resolve: (_root, { accountId }, context) =>
      context.services.sessions.setLocked(callerOf(context), accountId, false),
  }),
}));
