import type { Agent } from 'node:http';
import { certificatesOf, probeTls } from '@isthmus/platform';

/** The way that was dialled. */
export interface DialledWay {
  gateway: string;
  ca: string;
  proxy?: Agent | undefined;
}

/** How authorities of gateways are called: the first has no number. */
const AUTHORITY = /^Isthmus gateway CA( \d+)?$/;
const RETIRED = 'ISM0574';

/** True for an explanation that says that only a new token helps. */
export const isRetiredAuthority = (reason: string): boolean => reason.includes(RETIRED);

const trustedNames = (ca: string): string[] =>
  certificatesOf(ca).map(({ subject }) => /^CN=(.*)$/m.exec(subject)?.[1] ?? 'no name');

/** Anybody can call itself so: this is for the message alone, and gets nobody in. */
function isOfAnotherAuthority(issuer: string, ca: string): boolean {
  const names = trustedNames(ca);
  return AUTHORITY.test(issuer) && names.some((name) => AUTHORITY.test(name)) && !names.includes(issuer);
}

function replaced(issuer: string, ca: string): string {
  return (
    `${RETIRED} the gateway shows a certificate of «${issuer}», and this agent trusts «${trustedNames(ca).join('», «')}» alone, ` +
    'which was retired while it was away: isthmus cluster onboard gives a token and the authority of now'
  );
}

/** Puts the cause of a failed dial in words; where another certificate than the gateway's answered, it says whose. */
export async function explainDial(error: unknown, { gateway, ca, proxy }: DialledWay): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/SELF_SIGNED|UNABLE_TO_|DEPTH_ZERO/.test(code)) return message;
  const look = await probeTls({ url: new URL('/healthz', gateway).href, ca, agent: proxy });
  if (look.outcome !== 'untrusted' || look.chainsToCa) return `${message} (${code})`;
  if (isOfAnotherAuthority(look.issuer, ca)) return replaced(look.issuer, ca);
  return (
    `the certificate that answered is that of «${look.subject}», issued by «${look.issuer}», and not the gateway's (${code}): ` +
    'is a TLS-terminating proxy or balancer in between? Use passthrough, or give the CA of the gateway'
  );
}
