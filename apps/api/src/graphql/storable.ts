import { GraphQLError } from 'graphql';
import { textFault } from '@isthmus/domain';

/**
 * Refuses arguments with text that no database takes: control characters and half surrogate pairs. Nothing stored has such a name, so
 * the caller is told instead of being answered that the server is broken.
 */
export function requireStorable(args: Readonly<Record<string, unknown>>): void {
  const queue: { value: unknown; path: string }[] = [{ value: args, path: '' }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { value, path } = next;
    const fault = typeof value === 'string' ? textFault(value) : undefined;
    if (fault !== undefined) {
      throw new GraphQLError(`${path}: ${fault}`, { extensions: { code: 'BAD_USER_INPUT', issue: 'ISM0034' } });
    }
    if (typeof value !== 'object' || value === null) continue;
    const inner = Object.entries(value).map(([key, item]: [string, unknown]) => ({
      value: item,
      path: pathOf(path, key, value),
    }));
    queue.push(...inner.reverse());
  }
}

function pathOf(path: string, key: string, parent: object): string {
  if (Array.isArray(parent)) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}
