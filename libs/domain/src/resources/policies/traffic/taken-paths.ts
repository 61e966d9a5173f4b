import { RE2JS } from 're2js';
import { prefixOf } from '../../../intent/features/route-order.js';
import type { RouteMatch } from '../../../intent/features/routes.js';
import { checkRegex } from '../../text/regexes.js';

/** Says of paths whether a match takes them. */
export type TakesPath = (request: string) => boolean;

/**
 * How a match takes paths. Expressions are those of users, so RE2 decides, as in the proxies: it takes time in proportion to the text,
 * where JavaScript's own engine may take for ever. What was asked once is remembered.
 */
export function pathTaker({ path }: Pick<RouteMatch, 'path'>): TakesPath {
  if (path === undefined) return () => true;
  const { type, value } = path;
  if (type === 'EXACT') return (request) => request === value;
  if (type === 'PREFIX') return (request) => `${request}/`.startsWith(`${prefixOf(value)}/`);
  // What is no expression was told already.
  if (checkRegex(value) !== undefined) return () => false;
  const expression = RE2JS.compile(value);
  const asked = new Map<string, boolean>();
  return (request) => {
    const taken = asked.get(request) ?? expression.matches(request);
    asked.set(request, taken);
    return taken;
  };
}
