import type { TenantTx } from '@isthmus/store';

/** What kinds of callers there are. */
export const ACTOR_KINDS = ['USER', 'SERVICE_ACCOUNT', 'TOKEN', 'AGENT', 'PROVIDER', 'SYSTEM'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** Who stands behind what audit rows name. */
export interface ActorNames {
  kind: ActorKind;
  /** Undefined where nobody of the name is there any more. */
  name: string | undefined;
  /** Of the token that was used. */
  tokenName: string | undefined;
}

const KIND_OF: Readonly<Record<string, ActorKind>> = {
  user: 'USER',
  token: 'TOKEN',
  agent: 'AGENT',
  idp: 'PROVIDER',
};

/** What an actor is by its text alone. */
export function actorKind(actor: string): ActorKind {
  const [prefix = ''] = actor.split(':', 1);
  return (Object.hasOwn(KIND_OF, prefix) ? KIND_OF[prefix] : undefined) ?? 'SYSTEM';
}

const idOf = (actor: string): string => actor.slice(actor.indexOf(':') + 1);
const byId = <T extends { id: string }>(records: readonly T[]): ReadonlyMap<string, T> =>
  new Map(records.map((record) => [record.id, record]));

type Tables = Pick<TenantTx, 'tokens' | 'accounts' | 'serviceAccounts'>;

/** The names behind actors, in their order: three reads, however many there are. */
export async function namesOfActors(tx: Tables, actors: readonly string[]): Promise<ActorNames[]> {
  const idsOf = (kind: ActorKind): string[] => actors.filter((actor) => actorKind(actor) === kind).map(idOf);
  const tokenIds = idsOf('TOKEN');
  const tokens = byId(tokenIds.length === 0 ? [] : await tx.tokens.byIds(tokenIds));
  const ownersOf = (kind: 'USER' | 'SERVICE_ACCOUNT'): string[] =>
    [...tokens.values()].filter(({ ownerKind }) => ownerKind === kind).map(({ owner }) => owner);
  const people = [...idsOf('USER'), ...ownersOf('USER')];
  const programs = ownersOf('SERVICE_ACCOUNT');
  const owners = {
    USER: byId(people.length === 0 ? [] : await tx.accounts.byIds(people)),
    SERVICE_ACCOUNT: byId<{ id: string; name: string }>(
      programs.length === 0 ? [] : await tx.serviceAccounts.byIds(programs),
    ),
  };
  return actors.map((actor): ActorNames => {
    const kind = actorKind(actor);
    if (kind === 'USER') return { kind, name: owners.USER.get(idOf(actor))?.name, tokenName: undefined };
    if (kind !== 'TOKEN') return { kind, name: idOf(actor), tokenName: undefined };
    const token = tokens.get(idOf(actor));
    if (token === undefined || token.ownerKind === '') return { kind, name: token?.name, tokenName: token?.name };
    const { ownerKind, owner, name: tokenName } = token;
    return { kind: ownerKind, name: owners[ownerKind].get(owner)?.name, tokenName };
  });
}
