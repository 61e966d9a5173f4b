/** What orders two positions of a line; roots, revision numbers and times never do. */
export interface Pair {
  epoch: number;
  seq: number;
}

/** Negative, zero or positive as `a` stands before, at or after `b`: epoch first, then seq. */
export function comparePairs(a: Pair, b: Pair): number {
  return a.epoch === b.epoch ? a.seq - b.seq : a.epoch - b.epoch;
}

/**
 * `newer` may be taken; `same` is already there; `stale` changes nothing;
 * `fault`: one pair with two roots, which no correct sender makes.
 */
export type FenceVerdict = 'newer' | 'same' | 'stale' | 'fault';

/** Judges an offered position against the stored one. */
export function judge(stored: (Pair & { root: string }) | undefined, offered: Pair & { root: string }): FenceVerdict {
  if (!stored) return 'newer';
  const order = comparePairs(offered, stored);
  if (order > 0) return 'newer';
  if (order < 0) return 'stale';
  return offered.root === stored.root ? 'same' : 'fault';
}
