import type { LabelExpression, Selector } from '../resources/types.js';
import { byCodeUnit, canonicalJson } from '../tree/canonical.js';

function sortedUnique(values: readonly string[] | undefined): string[] | undefined {
  return values === undefined ? undefined : [...new Set(values)].sort(byCodeUnit);
}

/** Sorted and unique by canonical text: the order of a `set` of objects. */
export function canonicalSet<T extends object>(items: readonly T[], textOf: (item: T) => string): T[] {
  const byText = new Map(items.map((item) => [textOf(item), item]));
  return [...byText].sort((a, b) => byCodeUnit(a[0], b[0])).map(([, item]) => item);
}

function canonicalExpression(expression: LabelExpression): LabelExpression {
  const values = sortedUnique(expression.values);
  return { key: expression.key, operator: expression.operator, ...(values === undefined ? {} : { values }) };
}

function expressionText(expression: LabelExpression): string {
  return canonicalJson({ key: expression.key, operator: expression.operator, values: expression.values });
}

/**
 * The selector as trees carry it: `matchLabels` become `In` expressions, because user-chosen keys are no canonical keys;
 * every list is sorted and unique. It selects the same.
 */
export function canonicalSelector(selector: Selector): Selector {
  const fromLabels = Object.entries(selector.matchLabels ?? {}).map(([key, value]): LabelExpression => ({
    key,
    operator: 'In',
    values: [value],
  }));
  const expressions = [...fromLabels, ...(selector.matchExpressions ?? []).map(canonicalExpression)];
  return {
    ...(selector.names === undefined ? {} : { names: sortedUnique(selector.names) }),
    ...(selector.globs === undefined ? {} : { globs: sortedUnique(selector.globs) }),
    ...(expressions.length === 0 ? {} : { matchExpressions: canonicalSet(expressions, expressionText) }),
  };
}

/** Canonical text of a selector; equal for selectors that were written differently but say the same fields. */
export function selectorText(selector: Selector): string {
  const { names, globs, matchExpressions } = canonicalSelector(selector);
  return canonicalJson({
    names,
    globs,
    matchExpressions: matchExpressions?.map(({ key, operator, values }) => ({ key, operator, values })),
  });
}
