import { issue } from '@isthmus/domain';
import * as z from 'zod';
import { done, failed, type Outcome } from '../outcome.js';
import { allPages, pageInfoSchema } from './all-pages.js';
import { optional } from './answers.js';
import type { Ask } from './graphql-client.js';
import { change, mutation } from './mutation.js';

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  role: z.string(),
  ownerKind: optional(z.string()),
  owner: optional(z.string()),
  scope: z.object({ kind: z.string(), name: z.string() }),
  by: optional(z.object({ name: optional(z.string()), tokenName: optional(z.string()) })),
  endsWithMaker: z.boolean(),
  expiresAt: optional(z.string()),
  lastUsedAt: optional(z.string()),
  revokedAt: optional(z.string()),
});
/** An API token, without its secret. */
export type Token = z.infer<typeof tokenSchema>;

const TOKEN =
  'id name prefix role ownerKind owner scope { kind name } by { name tokenName } endsWithMaker expiresAt lastUsedAt revokedAt';

const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  disabledAt: optional(z.string()),
  tokens: z.array(tokenSchema),
});
/** A service account with its tokens. */
export type ServiceAccount = z.infer<typeof accountSchema>;

const ACCOUNT = `id name description createdAt createdBy disabledAt tokens { ${TOKEN} }`;

/** Service accounts by name. */
export async function listServiceAccounts(ask: Ask): Promise<Outcome<ServiceAccount[]>> {
  const query = `{ serviceAccounts { ${ACCOUNT} } }`;
  const answer = await ask({ query, data: z.object({ serviceAccounts: z.array(accountSchema) }) });
  return answer.ok ? done(answer.value.serviceAccounts) : answer;
}

/** The service account of a name. */
export async function serviceAccountNamed(ask: Ask, name: string): Promise<Outcome<ServiceAccount>> {
  const query = `query ($name: String!) { serviceAccount(name: $name) { ${ACCOUNT} } }`;
  const answer = await ask({ query, data: z.object({ serviceAccount: optional(accountSchema) }) }, { name });
  if (!answer.ok) return answer;
  const { serviceAccount } = answer.value;
  return serviceAccount === undefined
    ? failed(issue('ISM0615', { message: `There is no service account ${name}` }))
    : done(serviceAccount);
}

const CREATE_ACCOUNT = mutation('($input: CreateServiceAccountInput!)', 'createServiceAccount(input: $input)', {
  fields: ACCOUNT,
  ok: accountSchema,
});

export const createServiceAccount = (
  ask: Ask,
  input: { name: string; description: string },
): Promise<Outcome<ServiceAccount>> => change(ask, CREATE_ACCOUNT, { input });

/** Disables, enables or deletes the service account of a name. */
export async function changeServiceAccount(
  ask: Ask,
  verb: 'disable' | 'enable' | 'delete',
  name: string,
): Promise<Outcome<ServiceAccount>> {
  const found = await serviceAccountNamed(ask, name);
  if (!found.ok) return found;
  const what = { fields: ACCOUNT, ok: accountSchema };
  return change(ask, mutation('($id: String!)', `${verb}ServiceAccount(id: $id)`, what), { id: found.value.id });
}

/** The caller’s own tokens. */
export async function personalTokens(ask: Ask): Promise<Outcome<Token[]>> {
  const query = `{ personalTokens { ${TOKEN} } }`;
  const answer = await ask({ query, data: z.object({ personalTokens: z.array(tokenSchema) }) });
  return answer.ok ? done(answer.value.personalTokens) : answer;
}

const ALL = {
  query: `query ($after: String) { apiTokens(first: 100, after: $after) { nodes { ${TOKEN} } pageInfo { hasNextPage endCursor } } }`,
  data: z.object({ apiTokens: z.object({ nodes: z.array(tokenSchema), pageInfo: pageInfoSchema }) }),
};

/** Every token of the organization, page by page. */
export async function allTokens(ask: Ask): Promise<Outcome<Token[]>> {
  return allPages(async (after) => {
    const page = await ask(ALL, { after });
    return page.ok ? done(page.value.apiTokens) : page;
  });
}

const createdSchema = z.object({ secret: z.string(), apiToken: tokenSchema });
const CREATED = { fields: `secret apiToken { ${TOKEN} }`, ok: createdSchema };
/** A token whose secret is shown this once. */
export type CreatedToken = z.infer<typeof createdSchema>;

export interface NewToken {
  name: string;
  role: string;
  project?: string;
  expiresInDays?: number;
}

/** A token in the caller’s own name. */
export const createPersonalToken = (ask: Ask, input: NewToken): Promise<Outcome<CreatedToken>> =>
  change(ask, mutation('($input: CreatePersonalTokenInput!)', 'createPersonalToken(input: $input)', CREATED), {
    input,
  });

/** A token of the service account of a name. */
export async function createServiceAccountToken(
  ask: Ask,
  account: string,
  input: NewToken & { globalNamespace?: string },
): Promise<Outcome<CreatedToken>> {
  const found = await serviceAccountNamed(ask, account);
  if (!found.ok) return found;
  const call = mutation(
    '($input: CreateServiceAccountTokenInput!)',
    'createServiceAccountToken(input: $input)',
    CREATED,
  );
  return change(ask, call, { input: { ...input, serviceAccountId: found.value.id } });
}

const REVOKE = mutation('($input: RevokeApiTokenInput!)', 'revokeApiToken(input: $input)', {
  fields: TOKEN,
  ok: tokenSchema,
});

export const revokeToken = (ask: Ask, tokenId: string): Promise<Outcome<Token>> =>
  change(ask, REVOKE, { input: { tokenId } });

const personSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: optional(z.string()),
  provider: z.string(),
  signedInAt: z.string(),
  suspendedReason: optional(z.string()),
  lockedAt: optional(z.string()),
});
/** A person who has signed in. */
export type Person = z.infer<typeof personSchema>;

const PERSON = 'id name email provider signedInAt suspendedReason lockedAt';

/** People who have signed in. */
export async function listPeople(ask: Ask): Promise<Outcome<Person[]>> {
  const answer = await ask({
    query: `{ accounts { ${PERSON} } }`,
    data: z.object({ accounts: z.array(personSchema) }),
  });
  return answer.ok ? done(answer.value.accounts) : answer;
}

/** Locks a person out, or lets the person in again. */
export const setLocked = (ask: Ask, verb: 'lock' | 'unlock', id: string): Promise<Outcome<Person>> =>
  change(ask, mutation('($id: String!)', `${verb}Account(accountId: $id)`, { fields: PERSON, ok: personSchema }), {
    id,
  });
