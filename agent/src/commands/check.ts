import { access, constants, readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { AgentEnv } from '../env.js';
import { lifeOf } from '../identity/certificate-life.js';
import type { Identity } from '../identity/identity.js';
import type { AgentSettings } from '../settings.js';
import { proxyFor } from '../transport/proxy.js';
import { openTarget } from './open-target.js';

type Finding = { what: string; fault?: string };

/** Tests everything that `run` needs and changes nothing in the cluster. All findings are printed; 1 if one is a fault. */
export async function check(settings: AgentSettings, env: AgentEnv, say: (line: string) => void): Promise<number> {
  const findings = await Promise.all([
    ...clusterChecks(settings),
    attempt('identity', () => checkIdentity(settings)),
    attempt('gateway answers over TLS', () => checkGateway(settings, env)),
  ]);
  for (const { what, fault } of findings) say(fault === undefined ? `ok    ${what}` : `FAIL  ${what}: ${fault}`);
  return findings.some(({ fault }) => fault !== undefined) ? 1 : 0;
}

async function attempt(what: string, test: () => Promise<void>): Promise<Finding> {
  try {
    await test();
    return { what };
  } catch (error) {
    return { what, fault: error instanceof Error ? error.message : String(error) };
  }
}

function clusterChecks(settings: AgentSettings): Promise<Finding>[] {
  if (settings.clusterPort === 'kubernetes') return [attempt('cluster is readable', () => checkInventory(settings))];
  return [
    attempt('manifests are readable', () => checkInventory(settings)),
    attempt('output folder is writable', () => access(settings.out, constants.W_OK)),
  ];
}

async function checkInventory(settings: AgentSettings): Promise<void> {
  const { cluster } = await openTarget(settings);
  const { issues } = await cluster.readInventory();
  await cluster.close?.();
  const [first] = issues.filter(({ severity }) => severity === 'ERROR');
  if (first) throw new Error(`${first.code} ${first.message}`);
}

async function checkIdentity(settings: AgentSettings): Promise<void> {
  const identity = await loadIdentity(settings);
  if (identity === undefined) {
    if (settings.tokenFile === undefined) throw new Error('not enrolled yet, and no --token-file is given');
    return;
  }
  if (lifeOf(identity.certificate).notAfter < Date.now()) throw new Error('the certificate has expired; enrol again');
}

async function loadIdentity(settings: AgentSettings): Promise<Identity | undefined> {
  const { cluster, identities } = await openTarget(settings);
  try {
    return await identities.load();
  } finally {
    await cluster.close?.();
  }
}

async function checkGateway(settings: AgentSettings, env: AgentEnv): Promise<void> {
  const ca = settings.caFile === undefined ? undefined : await readFile(settings.caFile, 'utf8');
  const agent = proxyFor(settings.gateway, { httpsProxy: env.HTTPS_PROXY, noProxy: env.NO_PROXY });
  const status = await new Promise<number>((resolve, reject) => {
    const call = request(new URL('/healthz', settings.gateway), { ca, agent, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('timeout', () => call.destroy(new Error('no answer within 5 s')));
    call.on('error', reject);
    call.end();
  });
  if (status !== 200) throw new Error(`it answered ${String(status)}; is this the agent gateway's port?`);
}
