import type { Finding, TextCheck } from './finding.js';
import { quote } from './quote.js';

const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const FOREIGN = /[^\x20-\x7e]/u;

/** JSON Schema pattern of names: a DNS label by RFC 1123. */
export const NAME_PATTERN = LABEL.source;

/** True if the text is a DNS label by RFC 1123: 1 to 63 lower-case letters, digits and inner hyphens. */
export function isDnsLabel(text: string): boolean {
  return LABEL.test(text);
}

/** Checks a name of a resource, namespace or service; names what is wrong with it. */
export const checkName: TextCheck = (text) =>
  isDnsLabel(text) ? undefined : { code: 'ISM0009', message: `${nameFault(text)}`, ...hintOf(nameProposal(text)) };

function nameFault(text: string): string {
  if (text === '') return 'the name is empty';
  if (text.length > 63) return `the name has ${text.length} characters, 63 are allowed`;
  const foreign = FOREIGN.exec(text)?.[0];
  if (foreign !== undefined) return `the name ${quote(text)} holds the character ${codePoint(foreign)}`;
  return `${quote(text)} is not a name of lower-case letters, digits and inner hyphens`;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A proposal only where the plain intention shows: other case, blanks, underscores, dots. */
function nameProposal(text: string): string | undefined {
  if (FOREIGN.test(text)) return undefined;
  const proposal = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_.]+/g, '-');
  return isDnsLabel(proposal) ? proposal : undefined;
}

const hintOf = (proposal: string | undefined): Pick<Finding, 'hint'> =>
  proposal === undefined ? {} : { hint: `for example ${proposal}` };

/** Checks a service of a policy target: `<service>`, or `<service>.<namespace>` where hosts hold the namespace. */
export const checkServiceName: TextCheck = (text) => {
  const parts = text.split('.');
  if (parts.length <= 2 && parts.every(isDnsLabel)) return undefined;
  return { code: 'ISM0009', message: `${quote(text)} is neither <service> nor <service>.<namespace>` };
};

const GLOB = /^[-a-z0-9*?]{1,253}$/;

/** Checks a glob over names. */
export const checkGlob: TextCheck = (text) =>
  GLOB.test(text) ? undefined : { code: 'ISM0026', message: `${quote(text)} is not a glob over names` };
