import type { ExternalEntry } from '@isthmus/domain';
import { externalPortName } from './external-entry.js';
import { detectionProfile } from './outlier-detection.js';

type Endpoint = NonNullable<ExternalEntry['endpoints']>[number];
type Tls = NonNullable<ExternalEntry['tls']>;

/** What is called outside: an external service, or what an egress policy lets through. */
export type Outside = Pick<ExternalEntry, 'ports' | 'endpoints' | 'tls'>;

/** An endpoint carries the label of its own priority and of all higher ones, so that each tier takes in those before it. */
const tierLabel = (tier: number): string => `isthmus.dev/tier-${tier}`;

function tiersOf({ endpoints = [] }: Outside): number {
  return Math.max(0, ...endpoints.map(({ priority = 0 }) => priority));
}

/** A server, as an entry names it. */
export function outsideEndpoint(outside: Outside, { address, priority = 0, locality, port }: Endpoint): object {
  const tiers = Array.from({ length: tiersOf(outside) }, (_, tier) => tier).filter((tier) => tier >= priority);
  const [first] = outside.ports;
  return {
    address,
    ...(locality === undefined ? {} : { locality }),
    ...(port === undefined || first === undefined ? {} : { ports: { [externalPortName(first)]: port } }),
    ...(tiers.length === 0 ? {} : { labels: Object.fromEntries(tiers.map((tier) => [tierLabel(tier), 'true'])) }),
  };
}

/**
 * Name and authority are always written out. Istio derives them for HTTP alone: without them the proxy of any other protocol takes
 * every certificate, and a name in the handshake without names to accept switches the comparison off. A Secret holds its own authority.
 */
function clientTls({ mode, sni, subjectAltNames, credential }: Tls, host: string): object {
  const name = sni ?? host;
  const trust = credential === undefined ? { caCertificates: 'system' } : { credentialName: credential };
  return { mode, sni: name, subjectAltNames: subjectAltNames ?? [name], ...trust };
}

/** Without outlier detection nothing ever leaves the first tier; a server that cannot be reached is out for a while, and soon found out. */
function failover(tiers: number): object {
  if (tiers === 0) return {};
  const priority = Array.from({ length: tiers }, (_, index) => `${tierLabel(tiers - 1 - index)}=true`);
  return {
    connectionPool: { tcp: { connectTimeout: '2s' } },
    loadBalancer: { simple: 'LEAST_REQUEST', localityLbSetting: { enabled: true, failoverPriority: priority } },
    outlierDetection: detectionProfile(),
  };
}

/**
 * How the servers of a host are called: undefined if nothing is said. Settings of a port stand for the whole policy of that port, so
 * what holds for all is repeated.
 */
export function outsideRules(outside: Outside, host: string): object | undefined {
  const { tls } = outside;
  const everywhere = failover(tiersOf(outside));
  const ports = (tls?.ports ?? []).map((number) => ({
    port: { number },
    ...everywhere,
    ...(tls === undefined ? {} : { tls: clientTls(tls, host) }),
  }));
  const all = { ...everywhere, ...(ports.length === 0 ? {} : { portLevelSettings: ports }) };
  return Object.keys(all).length === 0 ? undefined : all;
}
