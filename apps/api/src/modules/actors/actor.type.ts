import type { Viewer } from '../../auth/viewer.js';
import { builder } from '../../graphql/builder.js';
import { callerOf } from '../../graphql/caller.js';
import type { Context } from '../../graphql/context.js';
import { actorKind, type ActorNames } from './actor-names.js';

const ActorKindEnum = builder.enumType('ActorKind', {
  description: 'What somebody who changes something is.',
  values: {
    USER: { description: 'A person, signed in or by a token of their own.' },
    SERVICE_ACCOUNT: { description: 'A program with an account of its own.' },
    TOKEN: { description: 'A token that belongs to the organization, or of which nothing more is known.' },
    AGENT: { description: 'The agent of a cluster.' },
    PROVIDER: { description: 'An identity provider.' },
    SYSTEM: { description: 'A part of the installation.' },
  } as const,
});

export interface ActorModel extends ActorNames {
  id: string;
}

export const Actor = builder.objectRef<ActorModel>('Actor').implement({
  description: 'Who changed something.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'As audit rows name it, like token:… or user:….' }),
    kind: t.field({ type: ActorKindEnum, description: 'What it is.', resolve: ({ kind }) => kind }),
    name: t.exposeString('name', {
      nullable: true,
      description:
        'Name of the person or service account, of a token that is nobody’s, or of the part. Null: it is gone, or the caller may not know, which takes the right to read the audit log, tokens or people.',
    }),
    tokenName: t.exposeString('tokenName', {
      nullable: true,
      description: 'Name of the token that was used; null: none was, or as for `name`.',
    }),
  }),
});

/** Who reads the audit log, or manages people or tokens, knows who is behind an id. */
export function knowsOthers({ rights }: Pick<Viewer, 'rights'>): boolean {
  return rights.somewhere('audit.read') || rights.everywhere('tokens.manage') || rights.everywhere('sessions.manage');
}

/** Who an actor is, as far as the caller may know. */
export async function actorOf(id: string, context: Context): Promise<ActorModel> {
  const caller = callerOf(context);
  if (id !== caller.actor && !knowsOthers(caller))
    return { id, kind: actorKind(id), name: undefined, tokenName: undefined };
  return { id, ...(await context.loaders.actorNames.load(id)) };
}
