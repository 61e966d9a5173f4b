import type { LabelExpression, LocalNamespace, Selector } from '@isthmus/domain';

/** Linear-time glob: `*` is any text, `?` one character, everything else itself. */
export function globMatches(glob: string, text: string): boolean {
  let [g, t, star, resume] = [0, 0, -1, 0];
  while (t < text.length) {
    if (glob[g] === '*') {
      star = g++;
      resume = t;
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === text[t])) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++resume;
    } else return false;
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}

function expressionHolds({ key, operator, values = [] }: LabelExpression, labels: Record<string, string>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
  }
}

function isNamed({ names, globs }: Selector, name: string): boolean {
  if (names === undefined && globs === undefined) return true;
  return (names ?? []).includes(name) || (globs ?? []).some((glob) => globMatches(glob, name));
}

/** True if the namespace fits: given fields are ANDed, names and globs ORed; no selector fits everything. */
export function selectsNamespace(selector: Selector | undefined, { name, labels }: LocalNamespace): boolean {
  if (selector === undefined) return true;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const asExpressions = Object.entries(matchLabels).map(([key, value]): LabelExpression => ({
    key,
    operator: 'In',
    values: [value],
  }));
  return (
    isNamed(selector, name) &&
    [...asExpressions, ...matchExpressions].every((expression) => expressionHolds(expression, labels))
  );
}
