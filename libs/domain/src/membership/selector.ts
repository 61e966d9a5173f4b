import type { LabelExpression, Selector } from '../resources/types.js';
import { matchesGlob } from './glob.js';

/** What selectors look at: a cluster, a namespace or a Kubernetes Service. */
export interface Selectable {
  name: string;
  labels: Readonly<Record<string, string>>;
}

/** A selector made ready for many subjects. */
export type SelectorMatcher = (subject: Selectable) => boolean;

/**
 * True if the selector selects the subject; an omitted selector selects everything. `names` and `globs` are ORed, the result is
 * ANDed with labels and expressions, which have Kubernetes' semantics: `NotIn` also holds where the label is absent.
 */
export function matchesSelector(selector: Selector | undefined, subject: Selectable): boolean {
  return selector === undefined || (namesMatch(selector, subject.name) && labelsMatch(selector, subject.labels));
}

/** The same as matchesSelector, with the names in a set: for selectors that are asked about many subjects. */
export function selectorMatcher(selector: Selector | undefined): SelectorMatcher {
  if (selector === undefined) return () => true;
  const names = new Set(selector.names);
  const isOpen = selector.names === undefined && selector.globs === undefined;
  const globs = selector.globs ?? [];
  return ({ name, labels }) =>
    (isOpen || names.has(name) || globs.some((glob) => matchesGlob(glob, name))) && labelsMatch(selector, labels);
}

function namesMatch({ names, globs }: Selector, name: string): boolean {
  if (names === undefined && globs === undefined) return true;
  return (names ?? []).includes(name) || (globs ?? []).some((glob) => matchesGlob(glob, name));
}

/** True if the labels fit `matchLabels` and `matchExpressions` of the selector, whatever its names. */
export function labelsMatch(
  { matchLabels = {}, matchExpressions = [] }: Pick<Selector, 'matchLabels' | 'matchExpressions'>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labelOf(labels, key) === value) &&
    matchExpressions.every((expression) => expressionHolds(expression, labelOf(labels, expression.key)))
  );
}

const labelOf = (labels: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

function expressionHolds({ operator, values = [] }: LabelExpression, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
