import type { TenantTx } from '@isthmus/store';

/** People and programs that a text is looked for in at most. */
const MOST = 1000;

type Tables = Pick<TenantTx, 'tokens' | 'accounts' | 'serviceAccounts'>;

/**
 * Actors that a text means, as audit rows name them: the one of this id; people, service accounts and tokens with the text in their name,
 * whatever its case, and tokens of these people and service accounts. By addresses people are found only by who may know them.
 */
export async function actorsMeant(tx: Tables, text: string, may: { knowAddresses: boolean }): Promise<string[]> {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [text];
  const isNamed = ({ name }: { name: string }): boolean => name.toLowerCase().includes(wanted);
  const search = { text: wanted, limit: MOST };
  const people = (await tx.accounts.search(search)).filter((one) => may.knowAddresses || isNamed(one));
  const programs = await tx.serviceAccounts.search(search);
  const owners = new Set([...people, ...programs].map(({ id }) => id));
  const tokens = (await tx.tokens.list()).filter((token) => isNamed(token) || owners.has(token.owner));
  return [text, ...people.map(({ id }) => `user:${id}`), ...tokens.map(({ id }) => `token:${id}`)];
}
