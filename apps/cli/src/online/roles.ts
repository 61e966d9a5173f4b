import * as z from 'zod';
import { done, type Outcome } from '../outcome.js';
import { allPages, pageInfoSchema } from './all-pages.js';
import { optional } from './answers.js';
import type { Ask } from './graphql-client.js';
import { change, mutation } from './mutation.js';

const scopeSchema = z.object({ kind: z.string(), name: z.string() });

const bindingSchema = z.object({
  id: z.string(),
  role: z.string(),
  subject: z.object({ kind: z.string(), id: z.string(), name: optional(z.string()), deleted: z.boolean() }),
  scope: scopeSchema,
  expiresAt: optional(z.string()),
  createdBy: z.string(),
});

/** A role that somebody holds. */
export type Binding = z.infer<typeof bindingSchema>;

const BINDING = 'id role subject { kind id name deleted } scope { kind name } expiresAt createdBy';

const roleSchema = z.object({
  name: z.string(),
  builtIn: z.boolean(),
  description: z.string(),
  permissions: z.array(z.string()),
});

export type AccessRole = z.infer<typeof roleSchema>;

const ROLES = {
  query: '{ roles { name builtIn description permissions } }',
  data: z.object({ roles: z.array(roleSchema) }),
};

/** Every role, built-in ones first. */
export async function listRoles(ask: Ask): Promise<Outcome<AccessRole[]>> {
  const answer = await ask(ROLES);
  return answer.ok ? done(answer.value.roles) : answer;
}

const BINDINGS = {
  query: `query Bindings($after: String) {
    roleBindings(first: 100, after: $after) { nodes { ${BINDING} } pageInfo { hasNextPage endCursor } }
  }`,
  data: z.object({ roleBindings: z.object({ nodes: z.array(bindingSchema), pageInfo: pageInfoSchema }) }),
};

/** Every grant that the caller may see, page by page. */
export async function listBindings(ask: Ask): Promise<Outcome<Binding[]>> {
  return allPages(async (after) => {
    const page = await ask(BINDINGS, { after });
    return page.ok ? done(page.value.roleBindings) : page;
  });
}

const GRANT = mutation('Grant($input: GrantRoleInput!)', 'grantRole(input: $input)', {
  fields: BINDING,
  ok: bindingSchema,
});
const REVOKE = mutation('Revoke($input: RevokeRoleInput!)', 'revokeRole(input: $input)', {
  fields: BINDING,
  ok: bindingSchema,
});

export interface GrantRequest {
  subjectKind: string;
  subject: string;
  role: string;
  scope: { kind: string; name: string };
  expiresAt?: string;
}

export const grantRole = (ask: Ask, input: GrantRequest): Promise<Outcome<Binding>> => change(ask, GRANT, { input });
export const revokeRole = (ask: Ask, bindingId: string): Promise<Outcome<Binding>> =>
  change(ask, REVOKE, { input: { bindingId } });

const CAN_I = {
  query: 'query CanI($permission: String!, $at: PlaceInput) { canI(permission: $permission, at: $at) }',
  data: z.object({ canI: z.boolean() }),
};

/** Whether the caller holds a permission somewhere. */
export async function canI(ask: Ask, permission: string, at: object): Promise<Outcome<boolean>> {
  const answer = await ask(CAN_I, { permission, at });
  return answer.ok ? done(answer.value.canI) : answer;
}

const WHOAMI = {
  query: '{ viewer { actor organization { name } grants { role scope { kind name } } } }',
  data: z.object({
    viewer: z.object({
      actor: z.string(),
      organization: z.object({ name: z.string() }),
      grants: z.array(z.object({ role: z.string(), scope: scopeSchema })),
    }),
  }),
};

/** Who the caller is, and what it holds. */
export async function whoAmI(ask: Ask): Promise<Outcome<z.infer<typeof WHOAMI.data>['viewer']>> {
  const answer = await ask(WHOAMI);
  return answer.ok ? done(answer.value.viewer) : answer;
}

/** Like `project payments`. */
export function scopeText({ kind, name }: z.infer<typeof scopeSchema>): string {
  return `${kind.toLowerCase().replace('_', ' ')} ${name}`.trimEnd();
}
