import { Resolver, lookup } from 'node:dns/promises';
import type { NameAnswer } from './name-addresses.js';
import type { ResolveName } from './gateway-names.js';

const TIMEOUT_MS = 5000;
/** Life of an answer whose source does not say (hosts file, multicast). */
const UNKNOWN_TTL_MS = 30_000;

/**
 * Asks the name servers of this machine, then what else it knows names from. IPv6 addresses count only for a name that has no
 * other: pods of most clusters have no way to them.
 */
export function systemResolver(): ResolveName {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  return async (name) => {
    const four = await resolver.resolve4(name, { ttl: true }).catch(() => []);
    const records = four.length > 0 ? four : await resolver.resolve6(name, { ttl: true }).catch(() => []);
    return records.length > 0 ? answerOf(records) : otherSources(name);
  };
}

function answerOf(records: readonly { address: string; ttl: number }[]): NameAnswer {
  const ttl = records.reduce((least, record) => Math.min(least, record.ttl), Number.POSITIVE_INFINITY);
  return { addresses: records.map(({ address }) => address), ttlMs: ttl * 1000 };
}

async function otherSources(name: string): Promise<NameAnswer> {
  const found = await lookup(name, { all: true });
  const four = found.filter(({ family }) => family === 4);
  return { addresses: (four.length > 0 ? four : found).map(({ address }) => address), ttlMs: UNKNOWN_TTL_MS };
}
