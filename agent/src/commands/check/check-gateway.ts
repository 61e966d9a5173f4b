import { readFile } from 'node:fs/promises';
import { asGatewayDial, judgeGatewayDial, type Finding } from '@isthmus/installation';
import { probeTls, proxyAddress, proxyFor } from '@isthmus/platform';
import type { AgentEnv } from '../../env.js';
import type { AgentSettings } from '../../settings.js';

/** Dials the gateway the way that the stream goes. */
export async function checkGateway({ gateway, caFile }: AgentSettings, env: AgentEnv): Promise<Finding[]> {
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  const settings = { httpsProxy: env.HTTPS_PROXY, noProxy: env.NO_PROXY };
  const outcome = await probeTls({ url: new URL('/healthz', gateway).href, ca, agent: proxyFor(gateway, settings) });
  const proxy = proxyAddress(gateway, settings);
  return judgeGatewayDial(asGatewayDial(outcome), {
    url: gateway,
    proxy: proxy === undefined ? undefined : withoutPassword(proxy),
    now: Date.now(),
  });
}

function withoutPassword(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).host : 'a proxy';
}
