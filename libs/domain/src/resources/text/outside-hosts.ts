import { parseCidr, parseIpv4 } from '../../vips/ipv4.js';
import { isDnsName } from './domain-name.js';
import type { Finding, TextCheck } from './finding.js';
import { checkCidr, isIpv6 } from './networks.js';
import { quote } from './quote.js';

/** Checks a host outside of the mesh: a DNS name of at least two labels, or `*.` before one. */
export const checkOutsideHost: TextCheck = (text) => {
  const name = text.startsWith('*.') ? text.slice(2) : text;
  const top = name.split('.').at(-1) ?? '';
  if (isDnsName(name) && name.includes('.') && !/^\d+$/.test(top)) return undefined;
  return { code: 'ISM0915', message: `${quote(text)} is neither a DNS name nor "*." before one`, ...hostHint(text) };
};

function hostHint(text: string): Pick<Finding, 'hint'> {
  if (text.includes('://')) return { hint: 'leave out the scheme' };
  if (parseIpv4(text) !== undefined || parseCidr(text) !== undefined)
    return { hint: 'addresses have a field of their own' };
  if (/:\d+$/.test(text)) return { hint: 'write the port in the field ports' };
  const lower = text.trim().toLowerCase();
  return isDnsName(lower) && lower.includes('.') ? { hint: `did you mean ${lower}?` } : {};
}

/** Checks an IP address or an IPv4 network. */
export const checkAddressOrCidr: TextCheck = (text) =>
  parseIpv4(text) !== undefined || isIpv6(text) ? undefined : checkCidr(text);

const SECRET_NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Checks the name of a Kubernetes Secret; whatever looks like a key or a certificate is refused with its own words. */
export const checkSecretName: TextCheck = (text) => {
  if (SECRET_NAME.test(text)) return undefined;
  const isMaterial = text.includes('-----BEGIN') || text.length > 253 || /^[A-Za-z0-9+/=\s]{100,}$/.test(text);
  return isMaterial
    ? {
        code: 'ISM0919',
        message: 'this is a key or a certificate, not the name of a Secret',
        hint: 'put it into a Secret, and write its name',
      }
    : { code: 'ISM0009', message: `${quote(text)} is not the name of a Secret` };
};

/** True if the host is the domain, lies under it, or is a wildcard that takes in the domain or names under it. */
export function touchesDomain(host: string, domain: string): boolean {
  const name = host.startsWith('*.') ? host.slice(2) : host;
  if (name === domain || name.endsWith(`.${domain}`)) return true;
  return host.startsWith('*.') && domain.endsWith(`.${name}`);
}
