import { readFile } from 'node:fs/promises';
import type { Agent } from 'node:http';
import type { Logger } from '@isthmus/platform';
import { AGENT_VERSION } from '../version.js';
import { createCertificateRequest } from './certificate-request.js';
import { enrol } from './enrol.js';
import type { EnrolResult } from './enrol.js';
import type { Identity, PendingRequest } from './identity.js';

export interface NewTokenOptions {
  gateway: string;
  proxy?: Agent | undefined;
  /** Where a person puts tokens; without it there are none. */
  tokenFile: string | undefined;
  /** CA of the gateway; without it the one that the identity came with. */
  caFile: string | undefined;
  clusterUid: () => Promise<string>;
  log: Logger;
}

/** The identity that a new token gives; undefined without a token that was not tried yet, or if it is refused. */
export type EnrolAnew = (identity: Identity) => Promise<Identity | undefined>;

/**
 * For an agent whose identity the gateway does not take any more: the token of another onboarding of the same cluster, if somebody has put
 * one there. A token that was refused is not shown again; one whose answer was lost is, with the same request.
 */
export function newToken(options: NewTokenOptions): EnrolAnew {
  const { tokenFile, log } = options;
  let refused = '';
  let asked: { token: string; pending: PendingRequest } | undefined;
  return async (identity) => {
    const token = await textOf(tokenFile);
    if (token === '' || token === refused) return undefined;
    if (asked?.token !== token) asked = { token, pending: await createCertificateRequest() };
    const result = await show(options, asked, identity);
    if (result.ok && isSame(result.identity, identity)) return result.identity;
    if (result.ok) log.error(`the token is of another cluster, ${result.identity.cluster.name}: purge this one first`);
    else log.error({ code: result.code }, `not enrolled again: ${result.message}`);
    if (result.ok || result.fatal) refused = token;
    return undefined;
  };
}

async function show(
  { gateway, proxy, caFile, clusterUid }: NewTokenOptions,
  asked: { token: string; pending: PendingRequest },
  identity: Identity,
): Promise<EnrolResult> {
  const ca = (await textOf(caFile)) || identity.ca;
  return enrol({ gateway, proxy, ca, ...asked, clusterUid: await clusterUid(), agentVersion: AGENT_VERSION });
}

function isSame(one: Identity, other: Identity): boolean {
  return one.org === other.org && one.cluster.uid === other.cluster.uid;
}

async function textOf(file: string | undefined): Promise<string> {
  return file === undefined ? '' : (await readFile(file, 'utf8').catch(() => '')).trim();
}
