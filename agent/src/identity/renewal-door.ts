import type { Agent } from 'node:http';
import { enrolErrorSchema, renewalResponseSchema } from '@isthmus/protocol';
import { createCertificateRequest } from './certificate-request.js';
import { explainDial, isRetiredAuthority, type DialledWay } from '../transport/explain-dial.js';
import { postToGateway, type GatewayAnswer } from './gateway-post.js';
import type { Identity } from './identity.js';

/** The gateway answered, and does not renew this certificate. */
export class DoorShut extends Error {}

/** Trades the certificate of an identity, even an expired one, for a new one. */
export type RenewAtDoor = (identity: Identity) => Promise<Identity>;

/** The gateway's door for certificates that are too old to open a stream. Rejects with the gateway's reason, with `DoorShut` for a refusal. */
export function renewalDoor(at: { gateway: string; proxy?: Agent | undefined }): RenewAtDoor {
  return async (identity) => {
    const { privateKey, csr } = await createCertificateRequest();
    const { status, text } = await post({ ...identity, ...at }, JSON.stringify({ csr }));
    if (status === 403) throw new DoorShut(reasonOf(status, text));
    if (status !== 200) throw new Error(reasonOf(status, text));
    const { certificate, ca } = renewalResponseSchema.parse(JSON.parse(text));
    return { ...identity, privateKey, certificate, ca };
  };
}

/** Where the gateway shows a certificate of another authority, the old identity is as good as refused. */
async function post(way: Identity & DialledWay, body: string): Promise<GatewayAnswer> {
  try {
    return await postToGateway(way, '/renew', body);
  } catch (error) {
    const reason = await explainDial(error, way);
    throw isRetiredAuthority(reason) ? new DoorShut(reason) : new Error(reason, { cause: error });
  }
}

function reasonOf(status: number, text: string): string {
  try {
    const { code, message } = enrolErrorSchema.parse(JSON.parse(text));
    return `${code} ${message}`;
  } catch {
    return `the gateway answered ${String(status)}`;
  }
}
