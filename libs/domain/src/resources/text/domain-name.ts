import type { TextCheck } from './finding.js';
import { isDnsLabel } from './names.js';
import { quote } from './quote.js';

/** Room that a domain leaves for one more label and its dot. */
const LONGEST_DOMAIN = 253 - 64;

const RESERVED_TOP = ['local', 'localhost', 'svc', 'arpa', 'invalid', 'onion'];

/** True if the text is a lower-case DNS name by RFC 1123 of at most 253 characters. */
export function isDnsName(text: string): boolean {
  return text.length <= 253 && text.split('.').every(isDnsLabel);
}

/** Checks the domain of a global namespace: form, length, and that it means nothing else in clusters and resolvers. */
export const checkDomain: TextCheck = (text) => {
  if (!isDnsName(text)) return { code: 'ISM0012', message: `${quote(text)} is not a DNS domain`, ...caseHint(text) };
  if (text.length > LONGEST_DOMAIN) {
    return { code: 'ISM0012', message: `the domain has ${text.length} characters, ${LONGEST_DOMAIN} are allowed` };
  }
  const top = text.split('.').at(-1) ?? '';
  if (/^\d+$/.test(top)) return { code: 'ISM0012', message: `${quote(text)} ends with a number, like an IP address` };
  if (RESERVED_TOP.includes(top)) return { code: 'ISM0038', message: `domain ${quote(text)} is reserved` };
  if (text.includes('.')) return undefined;
  return { code: 'ISM0039', message: `domain ${quote(text)} has a single label`, hint: `for example ${text}.global` };
};

const caseHint = (text: string) => {
  const proposal = text
    .trim()
    .toLowerCase()
    .replace(/^\.+|\.+$/g, '');
  return isDnsName(proposal) ? { hint: `did you mean ${proposal}?` } : {};
};

/** Checks the DNS domain of a cluster, for example cluster.local. */
export const checkClusterDomain: TextCheck = (text) =>
  isDnsName(text) && text.length <= LONGEST_DOMAIN
    ? undefined
    : { code: 'ISM0012', message: `${quote(text)} is not a DNS domain`, ...caseHint(text) };

const TRUST_DOMAIN = /^[a-z0-9._-]{1,255}$/;

/** Checks a SPIFFE trust domain: lower-case letters, digits, dots, hyphens, underscores. */
export const checkTrustDomain: TextCheck = (text) =>
  TRUST_DOMAIN.test(text)
    ? undefined
    : { code: 'ISM0012', message: `${quote(text)} is not a trust domain of lower-case letters, digits, ".", "-", "_"` };

/** Checks a host template: known fields only, `{service}` in it, `.{domain}` at its end, legal once filled. */
export const checkHostTemplate: TextCheck = (text) => {
  const message = (what: string) => ({ code: 'ISM0027' as const, message: `the template ${quote(text)} ${what}` });
  const unknown = [...text.matchAll(/\{([^{}]*)\}/g)].find(
    ([, name = '']) => !['service', 'namespace', 'domain'].includes(name),
  );
  if (unknown)
    return { ...message(`has the unknown field ${quote(unknown[0])}`), hint: '{service}, {namespace}, {domain}' };
  if (!text.includes('{service}')) return message('does not contain {service}');
  if (!text.endsWith('.{domain}')) return message('does not end with .{domain}');
  if (text.split('{domain}').length > 2) return message('contains {domain} more than once');
  return isDnsName(text.replaceAll(/\{\w+\}/g, 'x')) ? undefined : message('makes no DNS name');
};
