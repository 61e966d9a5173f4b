import type { SubjectRef, TenantTx } from '@isthmus/store';

/** What somebody to whom roles are granted is called. */
export interface SubjectNames {
  name: string;
  /** Of a person, where the provider stands for it. */
  email?: string | undefined;
}

type Tables = Pick<TenantTx, 'tokens' | 'accounts' | 'serviceAccounts'>;

/** What subjects are called, in their order: three reads at most, however many there are. Undefined where nobody of the id is there any more. */
export async function namesOfSubjects(
  tx: Tables,
  subjects: readonly SubjectRef[],
): Promise<(SubjectNames | undefined)[]> {
  const read = async <T extends { id: string }>(
    kind: SubjectRef['kind'],
    byIds: (ids: readonly string[]) => Promise<readonly T[]>,
  ): Promise<ReadonlyMap<string, T>> => {
    const ids = subjects.filter((subject) => subject.kind === kind).map(({ id }) => id);
    return new Map(ids.length === 0 ? [] : (await byIds(ids)).map((record) => [record.id, record]));
  };
  const people = await read('USER', (ids) => tx.accounts.byIds(ids));
  const programs = await read('SERVICE_ACCOUNT', (ids) => tx.serviceAccounts.byIds(ids));
  const tokens = await read('TOKEN', (ids) => tx.tokens.byIds(ids));
  return subjects.map(({ kind, id }): SubjectNames | undefined => {
    switch (kind) {
      case 'USER':
        return people.get(id);
      case 'SERVICE_ACCOUNT':
        return programs.get(id);
      case 'TOKEN':
        return tokens.get(id);
      case 'GROUP':
        return { name: id };
    }
  });
}
