import { parseCidr, parseIpv4 } from '../../vips/ipv4.js';
import { isDnsName } from './domain-name.js';
import type { TextCheck } from './finding.js';
import { isIpv6 } from './networks.js';
import { quote } from './quote.js';

/** Addresses that no machine on a network has. */
const NO_MACHINE: readonly (readonly [cidr: string, what: string])[] = [
  ['0.0.0.0/8', '"this network"'],
  ['127.0.0.0/8', 'the loopback'],
  ['169.254.0.0/16', 'a link'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'virtual addresses and broadcast'],
];

/** Checks the address of a machine: IPv4, because endpoints that are chosen by label are addresses, and services have no other family. */
export const checkMachineAddress: TextCheck = (text) => {
  const value = parseIpv4(text);
  if (value === undefined) {
    const what = isIpv6(text) ? 'an IPv6 address, which services of global namespaces do not have' : 'no IPv4 address';
    const hint =
      /[a-z]/i.test(text) && !text.includes(':') ? { hint: 'write the address that the name resolves to' } : {};
    return { code: 'ISM0945', message: `${quote(text)} is ${what}`, ...hint };
  }
  const taken = NO_MACHINE.find(([cidr]) => {
    const range = parseCidr(cidr);
    return range !== undefined && value >= range.first && value <= range.last;
  });
  return taken && { code: 'ISM0945', message: `${text} is an address of ${taken[1]}, not of a machine` };
};

/** Checks the name of a Kubernetes service account. */
export const checkServiceAccount: TextCheck = (text) =>
  isDnsName(text)
    ? undefined
    : { code: 'ISM0009', message: `${quote(text)} is not the name of a Kubernetes service account` };
