import type { Agent } from 'node:http';
import { enrolErrorSchema, enrolResponseSchema } from '@isthmus/protocol';
import type { EnrolRequest, EnrolResponse } from '@isthmus/protocol';
import { createCertificateRequest } from './certificate-request.js';
import { postToGateway } from './gateway-post.js';
import type { GatewayAnswer } from './gateway-post.js';
import type { Identity, PendingRequest } from './identity.js';

/** Where and how to enrol. `ca` is the PEM that the gateway's own certificate must chain to. */
export interface EnrolOptions {
  gateway: string;
  ca: string;
  token: string;
  clusterUid: string;
  agentVersion: string;
  proxy?: Agent | undefined;
  /** Key and request of an earlier try whose answer may have been lost; without it they are made. */
  pending?: PendingRequest;
}

/** `fatal`: another try with the same token cannot help. */
export type EnrolResult =
  | { ok: true; identity: Identity }
  | { ok: false; fatal: boolean; code: string; message: string; retryAfterMs?: number };

/** Trades a single-use token for an identity. The key is made here and stays here. */
export async function enrol(options: EnrolOptions): Promise<EnrolResult> {
  const { privateKey, csr } = options.pending ?? (await createCertificateRequest());
  const body: EnrolRequest = {
    token: options.token,
    csr,
    agentVersion: options.agentVersion,
    clusterUid: options.clusterUid,
  };
  const answer = await postToGateway(options, '/enrol', JSON.stringify(body));
  if (answer.status === 200)
    return { ok: true, identity: toIdentity(enrolResponseSchema.parse(JSON.parse(answer.text)), privateKey) };
  return refusal(answer);
}

function toIdentity(response: EnrolResponse, privateKey: string): Identity {
  const { certificate, ca, org, cluster, statementKeys } = response;
  return { version: 1, org, cluster, privateKey, certificate, ca, statementKeys };
}

function refusal({ status, text, retryAfterMs }: GatewayAnswer): EnrolResult {
  const fatal = status >= 400 && status < 500 && status !== 429;
  const parsed = enrolErrorSchema.safeParse(jsonOrUndefined(text));
  if (parsed.success) {
    const { code, message, hint } = parsed.data;
    const said = hint === undefined ? message : `${message} (${hint})`;
    return { ok: false, fatal, code, message: said, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  return {
    ok: false,
    fatal: false,
    code: 'ISM0400',
    message: `something that is no Isthmus gateway answered ${String(status)}; is a proxy in between?`,
  };
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
