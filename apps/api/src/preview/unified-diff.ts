import { createTwoFilesPatch } from 'diff';

const CONTEXT_LINES = 3;
const NOTHING = '/dev/null';

/** A unified diff of one named text; an empty text stands for a file that does not exist. */
export function unifiedDiff(name: string, before: string, after: string): string {
  const from = before === '' ? NOTHING : `a/${name}`;
  const to = after === '' ? NOTHING : `b/${name}`;
  return createTwoFilesPatch(from, to, before, after, undefined, undefined, { context: CONTEXT_LINES }).replace(
    /^=+\n/,
    '',
  );
}
