import { diff3Merge } from 'node-diff3';

/** A part of a merge: lines that nobody argues about, or a place that both changed. */
export type MergePart = { lines: readonly string[] } | { base: string[]; mine: string[]; theirs: string[] };

/** The place in the merge that both changed. */
export type Dispute = Extract<MergePart, { base: string[] }>;

/** What is taken of a place that both changed. */
export const CHOICES = ['mine', 'theirs', 'both', 'base'] as const;
export type Choice = (typeof CHOICES)[number];

const VERSION = /^(\s+resourceVersion: ).*$/m;

/** The document as one that replaces what stands at the version: else the version itself would be a place that both changed. */
function atVersion(text: string, resourceVersion: string): string {
  return text.replace(VERSION, (_line, key: string) => `${key}${JSON.stringify(resourceVersion)}`);
}

/** As the library gives them; its own types leave it open. */
interface Region {
  ok?: string[];
  conflict?: Record<'a' | 'o' | 'b', string[]>;
}

interface Texts {
  base: string;
  mine: string;
  theirs: string;
  /** Of theirs, which the merged text will replace. */
  resourceVersion: string;
}

/** Merges two texts line by line that began from one: what only one of them changed is taken from it. */
export function threeWay({ base, mine, theirs, resourceVersion }: Texts): MergePart[] {
  const linesOf = (text: string): string[] => atVersion(text, resourceVersion).split('\n');
  const regions = diff3Merge(linesOf(mine), linesOf(base), linesOf(theirs), {
    excludeFalseConflicts: true,
  }) as Region[];
  return regions.flatMap(({ ok, conflict }): MergePart[] => {
    if (ok !== undefined) return [{ lines: ok }];
    return conflict === undefined ? [] : [{ mine: conflict.a, base: conflict.o, theirs: conflict.b }];
  });
}

/** True for a place that both changed. */
export const isDispute = (part: MergePart): part is Dispute => 'base' in part;

function chosen({ base, mine, theirs }: Dispute, choice: Choice): readonly string[] {
  switch (choice) {
    case 'base':
      return base;
    case 'mine':
      return mine;
    case 'theirs':
      return theirs;
    case 'both':
      return [...theirs, ...mine];
  }
}

/** The merged text; `choices` are of the places that both changed, in their order. Undefined while one of them is open. */
export function mergedText(parts: readonly MergePart[], choices: readonly (Choice | undefined)[]): string | undefined {
  const lines: string[] = [];
  let index = 0;
  for (const part of parts) {
    if (!isDispute(part)) {
      lines.push(...part.lines);
      continue;
    }
    const choice = choices[index];
    if (choice === undefined) return undefined;
    lines.push(...chosen(part, choice));
    index += 1;
  }
  return lines.join('\n');
}
