import * as z from 'zod';
import { countSchema, hashSchema, idSchema, lineSchema } from './schemas.js';

/**
 * How far a change of policy may go for now; without a step all of the way.
 * `expand`: routes that begin to name something wait, so that its owners have it before. `switch`: routes are as they are wanted, and
 * what others may still name stays.
 */
export const stepSchema = z.enum(['expand', 'switch']);
export type StepName = z.infer<typeof stepSchema>;

/**
 * What the worker signs: where a line's pointer stands. A policy or cluster statement names its cluster (by uid);
 * a catalog head is the same for every member and names none. `minCatalogSeq`: the policy waits for that catalog.
 */
export const statementSchema = z.object({
  org: idSchema,
  cluster: idSchema.optional(),
  gns: idSchema,
  line: lineSchema,
  epoch: countSchema,
  seq: countSchema,
  root: hashSchema,
  minCatalogSeq: countSchema.optional(),
  step: stepSchema.optional(),
});
export type Statement = z.infer<typeof statementSchema>;

const DOMAIN_TAG = 'isthmus/statement/v1';
/** Of statements with a step: who does not know steps must not take one for all of the way. */
const STEP_TAG = 'isthmus/statement/v2';

/** The text whose UTF-8 bytes are signed: a domain tag, then every field in a fixed order, one a line; absent fields are empty. */
export function statementText(statement: Statement): string {
  const { org, cluster = '', gns, line, epoch, seq, root, minCatalogSeq, step } = statement;
  const fields = [
    org,
    cluster,
    gns,
    line,
    String(epoch),
    String(seq),
    root,
    minCatalogSeq === undefined ? '' : String(minCatalogSeq),
  ];
  return step === undefined ? [DOMAIN_TAG, ...fields, ''].join('\n') : [STEP_TAG, ...fields, step, ''].join('\n');
}

/** Says whether a base64 signature over the text is by one of the pinned keys. Ed25519 outside this library. */
export type VerifySignature = (text: string, signature: string) => boolean;

/** Whom a receiver takes statements for. */
export interface StatementAudience {
  org: string;
  cluster: string;
}

export type StatementFault = 'bad-signature' | 'other-organization' | 'other-cluster' | 'cluster-missing';

/** Why a statement must not be used by this audience, or undefined when it may. Order against the fence is not judged here. */
export function statementFault(
  signed: { statement: Statement; signature: string },
  audience: StatementAudience,
  verify: VerifySignature,
): StatementFault | undefined {
  const { statement, signature } = signed;
  if (!verify(statementText(statement), signature)) return 'bad-signature';
  if (statement.org !== audience.org) return 'other-organization';
  if (statement.cluster === undefined) return statement.line === 'catalog' ? undefined : 'cluster-missing';
  return statement.cluster === audience.cluster ? undefined : 'other-cluster';
}

/** Reads a signed text back; undefined for anything that `statementText` would not have written. */
export function parseStatementText(text: string): Statement | undefined {
  const fields = text.split('\n');
  if (!(fields.length === 10 && fields[0] === DOMAIN_TAG) && !(fields.length === 11 && fields[0] === STEP_TAG))
    return undefined;
  const [, org, cluster, gns, line, epoch, seq, root, minCatalogSeq, step] = fields;
  const parsed = statementSchema.safeParse({
    org,
    cluster: cluster === '' ? undefined : cluster,
    gns,
    line,
    epoch: Number(epoch),
    seq: Number(seq),
    root,
    minCatalogSeq: minCatalogSeq === '' ? undefined : Number(minCatalogSeq),
    step: step === '' ? undefined : step,
  });
  return parsed.success && statementText(parsed.data) === text ? parsed.data : undefined;
}
