import { formatIpv4, parseCidr, parseIpv4, rangesOverlap } from '../../vips/ipv4.js';
import type { Finding, TextCheck } from './finding.js';
import { isDnsName } from './domain-name.js';
import { quote } from './quote.js';

/** Checks an IPv4 network in canonical form. */
export const checkCidr: TextCheck = (text) => {
  if (parseCidr(text) !== undefined) return undefined;
  const [address = '', length = '', ...rest] = text.split('/');
  const value = parseIpv4(address);
  if (value !== undefined && rest.length === 0 && /^\d{1,2}$/.test(length) && Number(length) <= 32) {
    const size = 2 ** (32 - Number(length));
    const network = `${formatIpv4(value - (value % size))}/${Number(length)}`;
    return {
      code: 'ISM0014',
      message: `${quote(text)} is not the start of a network`,
      hint: `did you mean ${network}?`,
    };
  }
  return { code: 'ISM0013', message: `${quote(text)} is not an IPv4 network`, ...cidrHint(text) };
};

function cidrHint(text: string): Pick<Finding, 'hint'> {
  if (text.includes(':')) return { hint: 'IPv6 networks are not supported yet' };
  return parseIpv4(text) === undefined ? {} : { hint: `did you mean ${text}/32?` };
}

/** Ranges that no VIP may come from, and whose they are. */
const UNUSABLE: readonly (readonly [cidr: string, owner: string])[] = [
  ['240.240.0.0/16', 'Istio'],
  ['243.0.0.0/8', 'Kuma'],
  ['0.0.0.0/8', '"this network"'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local addresses'],
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
];

/** Checks a VIP range: a network from /8 to /28 apart from the ranges of meshes and of special use. */
export const checkVipCidr: TextCheck = (text) => {
  const fault = checkCidr(text);
  const range = parseCidr(text);
  if (fault !== undefined || range === undefined) return fault;
  if (range.prefix < 8 || range.prefix > 28) {
    return { code: 'ISM0037', message: `the VIP range has prefix /${range.prefix}; /8 to /28 are allowed` };
  }
  const clash = UNUSABLE.find(([cidr]) => overlaps(cidr, text));
  if (clash === undefined) return undefined;
  const message = `VIP range ${text} overlaps ${clash[0]}, the range of ${clash[1]}`;
  return { code: 'ISM0037', message, hint: 'the default is 240.64.0.0/12' };
};

/** Networks that nobody on the internet answers at (IANA's registry of special-purpose addresses, and class E). */
const UNROUTED = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
];

/** True if an address of the network may be somebody's on the internet; false if the text is no network. */
export function isPublic(cidr: string): boolean {
  const range = parseCidr(cidr);
  if (range === undefined) return false;
  return !UNROUTED.some((one) => {
    const around = parseCidr(one);
    return around !== undefined && around.first <= range.first && range.last <= around.last;
  });
}

/** True if two networks share an address; false if one of them is none. */
export function overlaps(a: string, b: string): boolean {
  const [left, right] = [parseCidr(a), parseCidr(b)];
  return left !== undefined && right !== undefined && rangesOverlap(left, right);
}

/** Checks the address of a gateway: IPv4, IPv6 or a DNS name. */
export const checkAddress: TextCheck = (text) => {
  if (parseIpv4(text) !== undefined || isIpv6(text)) return undefined;
  if (isDnsName(text) && !/^\d+$/.test(text.split('.').at(-1) ?? '')) return undefined;
  return { code: 'ISM0017', message: `${quote(text)} is neither an IP address nor a DNS name`, ...addressHint(text) };
};

function addressHint(text: string): Pick<Finding, 'hint'> {
  if (text.includes('://')) return { hint: 'leave out the scheme' };
  if (/:\d+$/.test(text)) return { hint: 'write the port in the field port' };
  const lower = text.trim().toLowerCase();
  return isDnsName(lower) ? { hint: `did you mean ${lower}?` } : {};
}

/** True for the text of an IPv6 address (RFC 4291, without zone), also with an IPv4 tail. */
export function isIpv6(text: string): boolean {
  const [tail = ''] = /[^:]*$/.exec(text) ?? [];
  const isMixed = parseIpv4(tail) !== undefined;
  const plain = isMixed ? `${text.slice(0, -tail.length)}0:0` : text;
  const halves = plain.split('::');
  if (halves.length > 2 || plain.length > 45) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const isFull = halves.length === 2 ? groups.length <= 7 : groups.length === 8;
  return isFull && groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group));
}
