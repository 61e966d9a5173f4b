const plural = new Intl.PluralRules('en');

/** A number with the word for one or for several. */
export function count(number: number, one: string, other: string): string {
  return `${number.toLocaleString('en')} ${plural.select(number) === 'one' ? one : other}`;
}

/** Like `a policy` and `an access policy`; no kind begins with a silent letter, and `u` is one of `user`. */
export const withArticle = (noun: string): string => `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
