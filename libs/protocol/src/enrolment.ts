import * as z from 'zod';
import { idSchema } from './schemas.js';

/** Body of `POST /enrol`. The CSR's subject is ignored; only its key and signature count. */
export const enrolRequestSchema = z.object({
  token: z.string().min(16).max(512),
  /** PKCS#10 request in PEM. */
  csr: z.string().min(64).max(16_384),
  agentVersion: z.string().max(256),
  clusterUid: idSchema,
});
export type EnrolRequest = z.infer<typeof enrolRequestSchema>;

/** Answer to a successful enrolment: the agent's identity and the keys it pins from now on. */
export const enrolResponseSchema = z.object({
  certificate: z.string(),
  ca: z.string(),
  org: idSchema,
  cluster: z.object({ uid: idSchema, name: z.string().max(63) }),
  /** Ed25519 public keys (SPKI, PEM) that sign statements. */
  statementKeys: z.array(z.string()).min(1),
});
export type EnrolResponse = z.infer<typeof enrolResponseSchema>;

/** Refusal of an enrolment; `code` is an issue code. */
export const enrolErrorSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });
export type EnrolError = z.infer<typeof enrolErrorSchema>;

/** Body of `POST /renew`, over TLS with the certificate that is to be replaced; an expired one will do for a while. */
export const renewalRequestSchema = z.object({ csr: z.string().min(64).max(16_384) });
export type RenewalRequest = z.infer<typeof renewalRequestSchema>;

export const renewalResponseSchema = z.object({ certificate: z.string(), ca: z.string() });
export type RenewalResponse = z.infer<typeof renewalResponseSchema>;

const IDENTITY = /^isthmus:\/\/org\/([A-Za-z0-9._-]{1,64})\/cluster\/([A-Za-z0-9._-]{1,64})$/;

/** URI SAN of an agent's certificate. */
export function identityUri(identity: { org: string; cluster: string }): string {
  return `isthmus://org/${identity.org}/cluster/${identity.cluster}`;
}

/** Reads the URI SAN; undefined for anything that is not exactly an agent's identity. */
export function parseIdentityUri(uri: string): { org: string; cluster: string } | undefined {
  const match = IDENTITY.exec(uri);
  const [, org, cluster] = match ?? [];
  return org !== undefined && cluster !== undefined ? { org, cluster } : undefined;
}
