/** The parts of two lists that differ: what both begin and end with, and what they share in between, compared by identity, is left out. */
function differingParts<T>(before: readonly T[], after: readonly T[]): [readonly T[], readonly T[]] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const gone = new Set(before.slice(start, before.length - end));
  const fresh = new Set(after.slice(start, after.length - end));
  return [[...gone].filter((row) => !fresh.has(row)), [...fresh].filter((row) => !gone.has(row))];
}

/**
 * Rows grouped by host, which follow a list from compile to compile. Rows are known by identity: a list whose rows are mostly
 * the same objects in the same order costs what changed.
 */
export class RowsByHost<T extends { host: string }> {
  private rows: readonly T[] = [];
  private readonly groups = new Map<string, T[]>();

  /** Rows of one host, in no order that means anything. */
  of(host: string): readonly T[] {
    return this.groups.get(host) ?? [];
  }

  /** Takes over the list; answers what is gone from it and what is new. */
  follow(rows: readonly T[]): { gone: readonly T[]; fresh: readonly T[] } {
    if (rows === this.rows) return { gone: [], fresh: [] };
    const [gone, fresh] = differingParts(this.rows, rows);
    const left = new Set(gone);
    for (const host of new Set(gone.map((row) => row.host))) {
      const kept = this.of(host).filter((row) => !left.has(row));
      if (kept.length === 0) this.groups.delete(host);
      else this.groups.set(host, kept);
    }
    for (const row of fresh) {
      const group = this.groups.get(row.host);
      if (group === undefined) this.groups.set(row.host, [row]);
      else group.push(row);
    }
    this.rows = rows;
    return { gone, fresh };
  }
}
