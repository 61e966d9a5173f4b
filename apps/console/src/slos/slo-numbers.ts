/** A share of one as people read it. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return '–';
  return `${(share * 100).toLocaleString('en', { maximumFractionDigits: 3 })} %`;
}

/** A rate as people read it: how many times faster than allowed the budget is used up. */
export function times(rate: number | null | undefined): string {
  return rate === null || rate === undefined ? '–' : `${rate.toLocaleString('en', { maximumFractionDigits: 1 })}×`;
}
