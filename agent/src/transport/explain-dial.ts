import type { Agent } from 'node:http';
import { probeTls } from '@isthmus/platform';

/** The way that was dialled. */
export interface DialledWay {
  gateway: string;
  ca: string;
  proxy?: Agent | undefined;
}

/** Puts the cause of a failed dial in words; where another certificate than the gateway's answered, it says whose. */
export async function explainDial(error: unknown, { gateway, ca, proxy }: DialledWay): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/SELF_SIGNED|UNABLE_TO_|DEPTH_ZERO/.test(code)) return message;
  const look = await probeTls({ url: new URL('/healthz', gateway).href, ca, agent: proxy });
  if (look.outcome !== 'untrusted' || look.chainsToCa) return `${message} (${code})`;
  return (
    `the certificate that answered is that of «${look.subject}», issued by «${look.issuer}», and not the gateway's (${code}): ` +
    'is a TLS-terminating proxy or balancer in between? Use passthrough, or give the CA of the gateway'
  );
}
