/** True if a pattern of a mesh (`*`, `*.example.com`, or a host) covers the host. */
export function coversHost(pattern: string, host: string): boolean {
  if (pattern === '*' || pattern === host) return true;
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1));
}

/** True if two patterns may stand for one host. */
export function patternsMeet(a: string, b: string): boolean {
  return [
    [a, b],
    [b, a],
  ].some(([wide = '', narrow = '']) => wide === '*' || wide === narrow || isBelow(narrow, wide));
}

const isBelow = (narrow: string, wide: string): boolean =>
  wide.startsWith('*.') && narrow.replace(/^\*/, '').endsWith(wide.slice(1));

/** True for `*` and `*.example.com`. */
export const isWildcard = (pattern: string): boolean => pattern.startsWith('*');

/** The hosts, of some in order, that a pattern covers. */
export function hostsUnder(pattern: string, hosts: ReadonlySet<string>): string[] {
  if (!isWildcard(pattern)) return hosts.has(pattern) ? [pattern] : [];
  return [...hosts].filter((host) => coversHost(pattern, host));
}

const SHOWN = 3;

/** The first of some names, and how many more there are. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
