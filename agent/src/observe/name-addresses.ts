/** A good answer of the name service: not empty. */
export interface NameAnswer {
  addresses: readonly string[];
  ttlMs: number;
}

/** What is known of one name: its addresses, each with the time since which answers lack it. */
export type NameAddresses = ReadonlyMap<string, { missingSince: number | undefined }>;

/** Balancers drain old addresses, and many answer with a part of them: what an answer lacks stays this long. */
export const HOLD_MS = 300_000;

const MIN_ASK_MS = 5000;
const MAX_ASK_MS = 60_000;

/** Takes an answer: new addresses count at once, missing ones stay for a while. An empty answer changes nothing. */
export function takeAnswer(known: NameAddresses, addresses: readonly string[], now: number): NameAddresses {
  if (addresses.length === 0) return known;
  const next = new Map(addresses.map((address) => [address, { missingSince: undefined as number | undefined }]));
  for (const [address, { missingSince = now }] of known) {
    if (!next.has(address) && now - missingSince < HOLD_MS) next.set(address, { missingSince });
  }
  return next;
}

/** Addresses in one order, so that a rotated answer changes nothing. */
export function sortedAddresses(known: NameAddresses): string[] {
  return [...known.keys()].sort();
}

/** When to ask again: after the record's life, within bounds. */
export function askAgainIn(ttlMs: number): number {
  return Math.min(MAX_ASK_MS, Math.max(MIN_ASK_MS, ttlMs));
}
