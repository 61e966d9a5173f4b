import { request } from 'node:https';
import type { Agent } from 'node:http';
import { enrolErrorSchema, enrolResponseSchema } from '@isthmus/protocol';
import type { EnrolRequest, EnrolResponse } from '@isthmus/protocol';
import { createCertificateRequest } from './certificate-request.js';
import type { Identity } from './identity.js';

/** Where and how to enrol. `ca` is the PEM that the gateway's own certificate must chain to. */
export interface EnrolOptions {
  gateway: string;
  ca: string;
  token: string;
  clusterUid: string;
  agentVersion: string;
  proxy?: Agent;
}

/** `fatal`: another try with the same token cannot help. */
export type EnrolResult =
  { ok: true; identity: Identity } | { ok: false; fatal: boolean; code: string; message: string };

/** Trades a single-use token for an identity. The key is made here and stays here. */
export async function enrol(options: EnrolOptions): Promise<EnrolResult> {
  const { privateKey, csr } = await createCertificateRequest();
  const body: EnrolRequest = {
    token: options.token,
    csr,
    agentVersion: options.agentVersion,
    clusterUid: options.clusterUid,
  };
  const answer = await post(options, JSON.stringify(body));
  if (answer.status === 200)
    return { ok: true, identity: toIdentity(enrolResponseSchema.parse(JSON.parse(answer.text)), privateKey) };
  return refusal(answer);
}

function toIdentity(response: EnrolResponse, privateKey: string): Identity {
  const { certificate, ca, org, cluster, statementKeys } = response;
  return { version: 1, org, cluster, privateKey, certificate, ca, statementKeys };
}

function refusal({ status, text }: Answer): EnrolResult {
  const fatal = status >= 400 && status < 500 && status !== 429;
  const parsed = enrolErrorSchema.safeParse(jsonOrUndefined(text));
  if (parsed.success) {
    const { code, message, hint } = parsed.data;
    return { ok: false, fatal, code, message: hint === undefined ? message : `${message} (${hint})` };
  }
  return {
    ok: false,
    fatal: false,
    code: 'ISM0400',
    message: `something that is no Isthmus gateway answered ${String(status)}; is a proxy in between?`,
  };
}

interface Answer {
  status: number;
  text: string;
}

const MAX_ANSWER_CHARS = 1024 * 1024;

function post(options: EnrolOptions, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      new URL('/enrol', options.gateway),
      {
        method: 'POST',
        ca: options.ca,
        agent: options.proxy,
        timeout: 15_000,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MAX_ANSWER_CHARS) response.destroy(new Error('the answer is too long'));
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    call.on('timeout', () => call.destroy(new Error('the gateway did not answer within 15 s')));
    call.on('error', reject);
    call.end(body);
  });
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
