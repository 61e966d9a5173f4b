const plural = new Intl.PluralRules('en');

/** A number with the word for one or for several. */
export function count(number: number, one: string, other: string): string {
  return `${number.toLocaleString('en')} ${plural.select(number) === 'one' ? one : other}`;
}
