import { closest, distance } from 'fastest-levenshtein';

/** Longer texts are no typing errors of names; comparing them would only cost time. */
const LONGEST = 64;

/** The candidate that was most likely meant: equal but for case, `-`, `_` or swapped letters, or at most a third of the letters away. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word === '' || word.length > LONGEST || candidates.length === 0) return undefined;
  const plain = fold(word);
  const same = candidates.find((candidate) => fold(candidate) === plain);
  if (same !== undefined) return same;
  const byFold = new Map(candidates.map((candidate) => [fold(candidate), candidate]));
  const own = letters(plain);
  const isSwapped = (key: string) => key.length === plain.length && letters(key) === own && distance(key, plain) <= 2;
  const swapped = [...byFold.keys()].find(isSwapped);
  if (swapped !== undefined) return byFold.get(swapped);
  const found = closest(plain, [...byFold.keys()]);
  return distance(plain, found) <= Math.max(1, Math.floor(plain.length / 3)) ? byFold.get(found) : undefined;
}

/** Hint of a refused word: what was meant, or else what there is (at most 12 of it). */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const near = nearest(word, candidates);
  if (near !== undefined) return `did you mean ${near}?`;
  if (candidates.length === 0) return undefined;
  const shown = candidates.slice(0, 12).join(', ');
  return candidates.length > 12 ? `one of ${shown}, …` : `one of ${shown}`;
}

const fold = (word: string) => word.toLowerCase().replaceAll(/[-_\s]/g, '');
const letters = (word: string) => [...word].sort().join('');
