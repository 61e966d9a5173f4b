import { readFile } from 'node:fs/promises';
import { judgeGatewayDial, type Finding } from '@isthmus/installation';
import { probeTls, proxyAddress, proxyFor } from '@isthmus/platform';
import type { AgentEnv } from '../../env.js';
import type { AgentSettings } from '../../settings.js';

/** Dials the gateway the way that the stream goes. */
export async function checkGateway({ gateway, caFile }: AgentSettings, env: AgentEnv): Promise<Finding[]> {
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  const settings = { httpsProxy: env.HTTPS_PROXY, noProxy: env.NO_PROXY };
  const outcome = await probeTls({ url: new URL('/healthz', gateway).href, ca, agent: proxyFor(gateway, settings) });
  const dial = outcome.outcome === 'answered' ? { ...outcome, isGateway: isHealthy(outcome) } : outcome;
  const proxy = proxyAddress(gateway, settings);
  return judgeGatewayDial(dial, {
    url: gateway,
    proxy: proxy === undefined ? undefined : withoutPassword(proxy),
    now: Date.now(),
  });
}

function isHealthy({ status, body }: { status: number; body: string }): boolean {
  return status === 200 && body.startsWith('{"status":"ok"');
}

function withoutPassword(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).host : 'a proxy';
}
