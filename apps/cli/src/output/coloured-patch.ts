import type { Colours } from './colours.js';

/** A unified diff with the usual colours. */
export function colouredPatch(patch: string, colours: Colours): string {
  return patch
    .split('\n')
    .map((line) => {
      if (/^(\+\+\+|---) /.test(line)) return colours.bold(line);
      if (line.startsWith('@@')) return colours.cyan(line);
      if (line.startsWith('+')) return colours.green(line);
      return line.startsWith('-') ? colours.red(line) : line;
    })
    .join('\n');
}
