/** A cluster with its weight, in any unit, greater than 0. */
interface Weighted<C> {
  cluster: C;
  weight: number;
}

/**
 * Whole percents in proportion to weights: they add up to 100 and none is 0, because a share of 0 is no share. What rounding
 * leaves goes to the greatest remainders, the first ones first; what the least shares take comes from the greatest. At most
 * 100 clusters.
 */
export function clusterShares<C>(clusters: readonly Weighted<C>[]): Map<C, number> {
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0);
  const shares = clusters.map(({ cluster, weight }) => {
    const exact = (weight * 100) / total;
    const percent = Math.max(1, Math.floor(exact));
    return { cluster, exact, percent, rest: exact - percent };
  });
  let left = 100 - shares.reduce((sum, { percent }) => sum + percent, 0);
  for (const share of [...shares].sort((a, b) => b.rest - a.rest).slice(0, Math.max(0, left))) share.percent += 1;
  for (; left < 0; left++) {
    const [greatest] = [...shares].sort((a, b) => b.percent - a.percent || a.exact - b.exact);
    if (greatest !== undefined) greatest.percent -= 1;
  }
  return new Map(shares.map(({ cluster, percent }) => [cluster, percent]));
}
