import { access, constants } from 'node:fs/promises';
import { findingLines, isClear, passed, type Finding } from '@isthmus/installation';
import type { AgentEnv } from '../env.js';
import type { AgentSettings } from '../settings.js';
import { checkGateway } from './check/check-gateway.js';
import { checkIdentity } from './check/check-identity.js';
import { checkKubernetes } from './check/check-kubernetes.js';
import { openTarget } from './open-target.js';

/** Tests everything that `run` needs and changes nothing in the cluster. All findings are printed; 1 if one stands in the way. */
export async function check(settings: AgentSettings, env: AgentEnv, say: (line: string) => void): Promise<number> {
  const groups = await Promise.all([
    ...clusterChecks(settings),
    attempt('identity', () => checkIdentity(settings)),
    attempt('gateway', () => checkGateway(settings, env)),
  ]);
  const findings = groups.flat();
  const isOk = isClear(findings);
  if (settings.output === 'json') say(JSON.stringify({ ok: isOk, findings }, null, 2));
  else for (const line of findingLines(findings)) say(line);
  return isOk ? 0 : 1;
}

/** What a check throws is a fault of what it checks. */
async function attempt(check: string, test: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await test();
  } catch (error) {
    return [{ check, state: 'fail', detail: error instanceof Error ? error.message : String(error) }];
  }
}

function clusterChecks(settings: AgentSettings): Promise<Finding[]>[] {
  if (settings.clusterPort === 'kubernetes') return [attempt('cluster', () => checkKubernetes(settings))];
  return [
    attempt('manifests are readable', () => checkManifests(settings)),
    attempt('output folder is writable', async () => {
      await access(settings.out, constants.W_OK);
      return [passed('output folder is writable', '')];
    }),
  ];
}

async function checkManifests(settings: AgentSettings): Promise<Finding[]> {
  const { cluster } = await openTarget(settings);
  try {
    const { issues } = await cluster.readInventory();
    const [first] = issues.filter(({ severity }) => severity === 'ERROR');
    if (first) throw new Error(`${first.code} ${first.message}`);
    return [passed('manifests are readable', '')];
  } finally {
    await cluster.close?.();
  }
}
