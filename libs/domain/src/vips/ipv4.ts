/** An IPv4 range as numbers: `first` and `last` are inclusive. */
export interface Ipv4Range {
  first: number;
  last: number;
  prefix: number;
}

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const PREFIX = /^(?:0|[1-9]\d?)$/;

/** Number of a dotted IPv4 address, or undefined if the text is none (leading zeros are refused: some resolvers read them as octal). */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    const octet = Number(part);
    if (!OCTET.test(part) || octet > 255) return undefined;
    value = value * 256 + octet;
  }
  return value;
}

/** Dotted text of a number from 0 to 2^32 − 1. */
export function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** Range of a CIDR in canonical form (no host bits set), or undefined. */
export function parseCidr(text: string): Ipv4Range | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  const first = parseIpv4(address);
  const prefix = Number(length);
  if (first === undefined || rest.length > 0 || !PREFIX.test(length) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/** True if the two ranges share an address. */
export function rangesOverlap(a: Ipv4Range, b: Ipv4Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}
