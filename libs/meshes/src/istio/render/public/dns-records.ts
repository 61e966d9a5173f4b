import type { PublicEntry } from '@isthmus/domain';

/** ExternalDNS reads the first since 0.22 and read the second before: both are written. */
const PREFIXES = ['external-dns.kubernetes.io/', 'external-dns.alpha.kubernetes.io/'];

/** The value by which ExternalDNS knows what it is responsible for, and one by which it is not. */
const RESPONSIBLE = 'dns-controller';
const NOBODY = 'none';

/** What ExternalDNS is told: its source `istio-gateway` makes records of every Gateway's hosts unless the Gateway says otherwise. */
function said(dns: PublicEntry['dns'], cluster: string): Record<string, string> {
  if (dns === undefined) return { controller: NOBODY };
  const weight = dns.weights?.find((one) => one.cluster === cluster)?.weight;
  return {
    controller: RESPONSIBLE,
    ...(dns.ttlSeconds === undefined ? {} : { ttl: String(dns.ttlSeconds) }),
    ...(dns.targets === undefined ? {} : { target: dns.targets.join(',') }),
    ...(weight === undefined ? {} : { 'set-identifier': cluster, 'aws-weight': String(weight) }),
  };
}

/** Annotations of a Gateway. */
export function recordAnnotations({ dns }: Pick<PublicEntry, 'dns'>, cluster: string): Record<string, string> {
  const facts = Object.entries(said(dns, cluster));
  return Object.fromEntries(PREFIXES.flatMap((prefix) => facts.map(([key, value]) => [`${prefix}${key}`, value])));
}
