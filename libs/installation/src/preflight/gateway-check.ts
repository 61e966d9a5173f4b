import { faulty, passed, type Finding } from './finding.js';

/** What came of dialling the agent gateway. */
export type GatewayDial =
  | { outcome: 'answered'; status: number; isGateway: boolean; date: string | undefined }
  /** TLS was refused; who showed which certificate instead. */
  | { outcome: 'untrusted'; reason: string; code: string; subject: string; issuer: string; chainsToCa: boolean }
  | { outcome: 'unreachable'; reason: string; code: string };

/** What a GET of `/healthz` answered, before anybody looked at who answered. */
interface Answered {
  outcome: 'answered';
  status: number;
  body: string;
  date: string | undefined;
}

/** Takes an answer for the gateway's if it says what only a gateway says. */
export function asGatewayDial(outcome: Answered | Exclude<GatewayDial, { outcome: 'answered' }>): GatewayDial {
  if (outcome.outcome !== 'answered') return outcome;
  const { status, body, date } = outcome;
  return { outcome: 'answered', status, date, isGateway: status === 200 && body.startsWith('{"status":"ok"') };
}

export interface DialContext {
  url: string;
  /** Address of the proxy that was dialled through, without its password. */
  proxy: string | undefined;
  /** Milliseconds since 1970 by the clock of this machine. */
  now: number;
}

/** Clocks of a cluster and of the gateway may be less than this apart before anybody has to care: certificates begin as much earlier. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** What a dial says about the way to the gateway. */
export function judgeGatewayDial(dial: GatewayDial, context: DialContext): Finding[] {
  const way = context.proxy === undefined ? context.url : `${context.url} through ${context.proxy}`;
  switch (dial.outcome) {
    case 'unreachable':
      return [unreachable(dial, { ...context, way })];
    case 'untrusted':
      return [passed('gateway', `${way} is reachable`), untrusted(dial)];
    case 'answered':
      return answered(dial, { ...context, way });
  }
}

interface Way extends DialContext {
  way: string;
}

const NETWORK_FIXES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The name does not resolve here: check it, and that DNS is allowed by network policies.',
  EAI_AGAIN: 'DNS does not answer here: check that network policies allow port 53.',
  ECONNREFUSED: 'Nothing listens there: check host and port, and that the gateway is up.',
  ETIMEDOUT: 'Packets are dropped on the way: check firewalls and the egress rules of network policies.',
  ECONNRESET: 'Something on the way cut the connection: check firewalls, and that balancers pass TLS through.',
};

function unreachable({ reason, code }: { reason: string; code: string }, { way, proxy }: Way): Finding {
  const direct = NETWORK_FIXES[code] ?? 'Check host, port, firewalls and network policies.';
  const fix =
    proxy === undefined
      ? `${direct} If a proxy is needed, set HTTPS_PROXY.`
      : `${direct} The same holds for the proxy.`;
  return { check: 'gateway', state: 'fail', detail: `${way} is not reachable: ${reason}`, fix };
}

function untrusted(dial: Extract<GatewayDial, { outcome: 'untrusted' }>): Finding {
  const check = 'TLS to the gateway';
  const { reason, subject, issuer, chainsToCa, code } = dial;
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED')
    return faulty(check, 'ISM0539', {
      detail: `by the clock of this machine its certificate is not valid (${reason})`,
      fix: 'Set the clocks of the nodes by NTP; then check the clock of the gateway.',
    });
  if (chainsToCa)
    return {
      check,
      state: 'fail',
      detail: `the gateway's certificate does not name this address: ${reason}`,
      fix: 'Dial one of its names, or add this one to GATEWAY_NAMES of the API.',
    };
  return faulty(check, 'ISM0472', {
    detail: `the certificate that answered is that of «${subject}», issued by «${issuer}», and not the gateway's`,
  });
}

function answered(dial: Extract<GatewayDial, { outcome: 'answered' }>, { way, proxy, now }: Way): Finding[] {
  const { status, isGateway, date } = dial;
  if (!isGateway) return [notTheGateway(status, { way, proxy })];
  return [
    passed('gateway', `${way} answers`),
    passed('TLS to the gateway', 'its certificate chains to the CA'),
    skewOf(date, now),
  ];
}

function notTheGateway(status: number, { way, proxy }: Pick<Way, 'way' | 'proxy'>): Finding {
  const detail = `${way}: something that is no Isthmus gateway answered ${String(status)}`;
  if (proxy !== undefined && status === 407)
    return {
      check: 'gateway',
      state: 'fail',
      detail: `${detail}: the proxy asks for a password`,
      fix: 'Give it in a Secret: proxy.existingSecret of the chart.',
    };
  if (proxy !== undefined && status >= 400)
    return {
      check: 'gateway',
      state: 'fail',
      detail: `${detail}: the proxy does not open the connection`,
      fix: 'Allow CONNECT to host and port of the gateway in the proxy.',
    };
  return faulty('gateway', 'ISM0400', { detail });
}

function skewOf(date: string | undefined, now: number): Finding {
  const check = 'clock';
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return { check, state: 'skip', detail: 'the gateway does not tell its time' };
  const seconds = Math.round((now - theirs) / 1000);
  if (Math.abs(now - theirs) < CLOCK_TOLERANCE_MS)
    return passed(check, `${String(Math.abs(seconds))} s beside the gateway's`);
  return faulty(check, 'ISM0539', {
    detail: `it is ${String(Math.abs(seconds))} s ${seconds > 0 ? 'ahead of' : 'behind'} the gateway's`,
  });
}
