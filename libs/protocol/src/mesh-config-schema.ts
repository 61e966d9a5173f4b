import type { NamespaceMeshConfig } from '@isthmus/domain';
import * as z from 'zod';

const text = z.string().max(1024);
const port = z.int().min(0).max(65_535);
const texts = z.array(text).optional();
const selectorOrNone = z
  .array(z.object({ name: text, value: text.default('') }))
  .transform((list) => Object.fromEntries(list.map(({ name, value }) => [name, value])))
  .optional();

/**
 * What users configured in the mesh, in one namespace. Lists are bounded by the body's size. Kinds and modes are texts: those of a
 * newer agent must not make the namespace unreadable.
 */
export const meshConfigSchema: z.ZodType<NamespaceMeshConfig> = z.object({
  objects: z
    .array(
      z.object({
        kind: text,
        name: text,
        hosts: texts,
        gateways: texts,
        exportTo: texts,
        selector: selectorOrNone,
        addresses: texts,
        tls: text.optional(),
        subsets: texts,
        mtls: text.optional(),
        portMtls: z.array(z.object({ port, mode: text })).optional(),
        servers: z.array(z.object({ port, protocol: text, tls: text.optional(), hosts: texts })).optional(),
        action: text.optional(),
        rules: z
          .array(
            z.object({
              from: z
                .array(z.object({ principals: texts, namespaces: texts, other: z.boolean().optional() }))
                .optional(),
              ports: z.array(port).optional(),
              l7: z.boolean().optional(),
            }),
          )
          .optional(),
        cut: z.boolean().optional(),
      }),
    )
    .default([]),
  left: z.int().min(0).optional(),
});
