import * as z from 'zod';
import { word } from './feature-fields.js';

const words = z.array(word).optional();
const port = z.int().min(1).max(65_535);

const callers = z.strictObject({
  anyone: z.literal(true).optional(),
  serviceGroups: words,
  services: words,
  namespaces: words,
  userGroups: words,
});

const operation = z.strictObject({
  ports: z.array(port).optional(),
  methods: words,
  paths: words,
  headers: z.array(z.strictObject({ name: word, values: z.array(word) })).optional(),
});

/** Who may call: groups, services and namespaces by name, resolved to identities where it is rendered. `rules`, `from`, `to`: lists. */
export const authorizationFeature = z.strictObject({
  kind: z.literal('authorization'),
  mode: z.literal('AUDIT').optional(),
  default: z.enum(['ALLOW', 'DENY']).optional(),
  rules: z
    .array(
      z.strictObject({
        action: z.enum(['ALLOW', 'DENY']),
        from: z.array(callers),
        to: z.array(operation).optional(),
      }),
    )
    .optional(),
});

export type AuthorizationFeature = z.output<typeof authorizationFeature>;
export type AuthorizationRule = NonNullable<AuthorizationFeature['rules']>[number];
export type CallersOfRule = AuthorizationRule['from'][number];
export type OperationOfRule = NonNullable<AuthorizationRule['to']>[number];
