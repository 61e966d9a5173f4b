import type { ScopeRef, SubjectRef } from '@isthmus/store';
import { placeOfScope } from '../../auth/places.js';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import type { Context } from '../../graphql/context.js';
import { knowsOthers } from '../actors/actor.type.js';
import type { SubjectNames } from './subject-names.js';

export const SubjectKindEnum = builder.enumType('SubjectKind', {
  description: 'Whom a role is granted to.',
  values: {
    USER: { description: 'A person, by id.' },
    GROUP: { description: 'Everybody in a group of an identity provider, by name.' },
    SERVICE_ACCOUNT: { description: 'A service account, by id.' },
    TOKEN: { description: 'One API token, by id.' },
  } as const,
});

/** Who holds a role, and where. */
export interface SubjectModel extends SubjectRef {
  scope: ScopeRef;
}

/** Who manages roles there has to know who holds them; so does whoever may know people and tokens anyway, and everybody oneself. */
function isKnown({ kind, id, scope }: SubjectModel, context: Context): boolean {
  const caller = callerOf(context);
  const { account, subject, rights } = caller;
  const isOneself = kind === 'USER' ? account?.id === id : subject.kind === kind && subject.id === id;
  return kind === 'GROUP' || isOneself || rights.may('roles.manage', placeOfScope(scope)) || knowsOthers(caller);
}

async function namesOf(subject: SubjectModel, context: Context): Promise<SubjectNames | undefined> {
  return isKnown(subject, context) ? context.loaders.subjectNames.load(subject) : undefined;
}

export const RoleSubject = builder.objectRef<SubjectModel>('RoleSubject').implement({
  description: 'Whom a role is granted to.',
  fields: (t) => ({
    kind: t.field({ type: SubjectKindEnum, description: 'What it is.', resolve: ({ kind }) => kind }),
    id: t.exposeString('id', { description: 'Id of a user, service account or token; name of a group.' }),
    name: t.string({
      nullable: true,
      description:
        'Name of the person, group, service account or token. Null: it is gone, or the caller may not know, which takes the right to manage roles there, or to read the audit log, tokens or people.',
      resolve: async (subject, _args, context) => (await namesOf(subject, context))?.name,
    }),
    email: t.string({
      nullable: true,
      description: 'Address of mail of a person, where the provider stands for it; null as for `name`.',
      resolve: async (subject, _args, context) => (await namesOf(subject, context))?.email,
    }),
    deleted: t.boolean({
      description: 'True if nobody of the id is there any more. What groups there are, only their providers know.',
      resolve: async (subject, _args, { loaders }) => (await loaders.subjectNames.load(subject)) === undefined,
    }),
  }),
});
