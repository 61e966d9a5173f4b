import type { AccountClaims } from '@isthmus/store';

/** Claims of one source, as a provider sent them. */
export type Claims = Readonly<Record<string, unknown>>;

const LONGEST = 200;
/** More groups than anybody should need for a role; what is beyond them is left out. */
const MOST_GROUPS = 1000;

/** Names of groups in a claim (`groups`, or a path as `realm_access.roles`); undefined: the source has no such claim. */
export function groupsIn(claims: Claims, claim: string): string[] | undefined {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : valueAt(claims, claim.split('.'));
  if (value === undefined || value === null) return undefined;
  const names = Array.isArray(value) ? value : [value];
  const groups = names.filter((name): name is string => typeof name === 'string' && isName(name));
  return [...new Set(groups)].sort().slice(0, MOST_GROUPS);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, first)) return undefined;
  return valueAt((value as Claims)[first], rest);
}

/** What people are called: the first of the usual claims that says something. */
export function accountClaims(sources: readonly Claims[], groups: readonly string[]): AccountClaims {
  const said = Object.assign({}, ...sources) as Claims;
  const text = (claim: string): string | undefined => {
    const value = said[claim];
    return typeof value === 'string' && isName(value) ? value : undefined;
  };
  const email = vouchedEmail(sources);
  return { name: text('name') ?? text('preferred_username') ?? email ?? text('sub') ?? '?', email, groups };
}

/**
 * An address of mail counts only where it is verified, or nothing is said about that. What one source says of an address says nothing of the
 * address in another; some providers say it as a text.
 */
function vouchedEmail(sources: readonly Claims[]): string | undefined {
  const told = sources.flatMap(({ email, email_verified: verified = undefined }) =>
    typeof email === 'string' && isName(email) ? [{ email, verified }] : [],
  );
  const isRight = (verified: unknown): boolean => verified === true || verified === 'true';
  if (told.some(({ verified }) => verified !== undefined && !isRight(verified))) return undefined;
  return (told.findLast(({ verified }) => isRight(verified)) ?? told.at(-1))?.email;
}

function isName(text: string): boolean {
  return text.trim() !== '' && text.length <= LONGEST && !/\p{C}/u.test(text);
}
