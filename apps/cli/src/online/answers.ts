import { isIssueCode, issue, type Issue, type SourcePosition } from '@isthmus/domain';
import * as z from 'zod';

/** Fields of an issue in every operation. */
export const ISSUE_FIELDS =
  'code severity path message hint cluster resource { kind name project } source { file line column }';

/** A field that may be absent or null; either is undefined. */
export const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** An issue of the server; a code that this command does not know yet is kept in the message. */
export const issueSchema = z
  .object({
    code: z.string(),
    severity: z.enum(['ERROR', 'WARNING', 'INFO']),
    path: z.string(),
    message: z.string(),
    hint: optional(z.string()),
    cluster: optional(z.string()),
    resource: optional(z.object({ kind: z.string(), name: z.string(), project: optional(z.string()) })),
    source: optional(z.object({ file: z.string(), line: z.number(), column: z.number() })),
  })
  .transform(({ code, message, ...fields }): Issue => {
    const known = isIssueCode(code);
    return issue(known ? code : 'ISM0618', { ...fields, message: known ? message : `${code}: ${message}` });
  });

export const conditionSchema = z.object({
  type: z.string(),
  status: z.enum(['TRUE', 'FALSE', 'UNKNOWN']),
  reason: z.string(),
  message: z.string(),
  observedGeneration: optional(z.number()),
});

const pairs = z.array(z.object({ name: z.string(), value: z.string() }));

export const resourceSchema = z.object({
  kind: z.string(),
  name: z.string(),
  projectName: optional(z.string()),
  uid: z.string(),
  generation: z.number(),
  resourceVersion: z.string(),
  createdAt: z.string(),
  labels: pairs,
  annotations: pairs,
  spec: z.record(z.string(), z.unknown()),
  conditions: z.array(conditionSchema).default([]),
  agent: optional(z.object({ connected: z.boolean(), version: optional(z.string()) })),
});
/** A stored resource as commands show it. */
export type RemoteResource = z.infer<typeof resourceSchema>;

const CONDITIONS = 'conditions { type status reason message observedGeneration }';

export const RESOURCE_FIELDS = `kind name projectName uid generation resourceVersion createdAt labels { name value } annotations { name value } spec
  ... on Cluster { ${CONDITIONS} agent { connected version } }
  ... on GlobalNamespace { ${CONDITIONS} }`;

const changeSchema = z.object({
  outcome: z.enum(['CREATED', 'UPDATED', 'UNCHANGED', 'DELETED']),
  kind: z.string(),
  name: z.string(),
  projectName: optional(z.string()),
});
export type Change = z.infer<typeof changeSchema>;

const previewSchema = z.object({
  unknownClusters: z.array(z.string()),
  clusters: z.array(
    z.object({
      cluster: z.string(),
      truncated: z.boolean(),
      issues: z.array(issueSchema),
      objects: z.array(
        z.object({ kind: z.string(), name: z.string(), namespace: optional(z.string()), diff: z.string() }),
      ),
    }),
  ),
});

const okSchema = z.object({
  changes: z.array(changeSchema),
  issues: z.array(issueSchema),
  preview: optional(previewSchema),
});
/** What a change did, or would do. */
export type Applied = z.infer<typeof okSchema>;

const errorSchema = z.object({ code: z.string(), message: z.string(), issues: z.array(issueSchema) });

/** The `ok` or `error` of a mutation of resources. */
export const applyResultSchema = z.object({ ok: optional(okSchema), error: optional(errorSchema) });

export const APPLY_RESULT = `ok {
    changes { outcome kind name projectName } issues { ${ISSUE_FIELDS} }
    preview { unknownClusters clusters { cluster truncated issues { ${ISSUE_FIELDS} } objects { kind name namespace diff } } }
  } error { ${errorFields()} }`;

/** Fields of the error of every mutation. */
export function errorFields(): string {
  return `code message issues { ${ISSUE_FIELDS} }`;
}

/** The issues of an error; its message as one if it has none. */
export function errorIssues(error: z.infer<typeof errorSchema>): Issue[] {
  if (error.issues.length > 0) return error.issues;
  return [issue(error.code === 'NOT_FOUND' ? 'ISM0615' : 'ISM0618', { message: error.message })];
}

export const mutationErrorSchema = errorSchema;

/** The same issue with another file name. */
export function withFile(one: Issue, show: (file: string) => string): Issue {
  if (one.source === undefined) return one;
  const source: SourcePosition = { ...one.source, file: show(one.source.file) };
  return { ...one, source };
}
