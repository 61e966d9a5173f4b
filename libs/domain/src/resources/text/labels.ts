import type { Finding } from './finding.js';
import { isDnsName } from './domain-name.js';
import { quote } from './quote.js';

const PART = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** The most bytes of all annotations of an object, as in Kubernetes. */
const ANNOTATION_BYTES = 256 * 1024;

/** True if the text is a key of a label or annotation by Kubernetes' rules. */
export function isLabelKey(text: string): boolean {
  const [name = '', prefix, ...rest] = text.split('/').reverse();
  return rest.length === 0 && PART.test(name) && (prefix === undefined || isDnsName(prefix));
}

/** True if the text is a label value by Kubernetes' rules; empty is one. */
export function isLabelValue(text: string): boolean {
  return text === '' || PART.test(text);
}

/** What is wrong with labels, by key. */
export function labelFindings(labels: Readonly<Record<string, string>>): [key: string, finding: Finding][] {
  return Object.entries(labels).flatMap(([key, value]): [string, Finding][] => {
    if (!isLabelKey(key)) return [[key, { code: 'ISM0010', message: `${quote(key)} is not a label key` }]];
    if (isLabelValue(value)) return [];
    return [[key, { code: 'ISM0010', message: `${quote(value)} is not a value of a label` }]];
  });
}

/** What is wrong with annotations, by key; an empty key stands for all of them together. */
export function annotationFindings(annotations: Readonly<Record<string, string>>): [key: string, finding: Finding][] {
  const keys = Object.keys(annotations).filter((key) => !isLabelKey(key));
  const findings = keys.map((key): [string, Finding] => [
    key,
    { code: 'ISM0011', message: `${quote(key)} is not an annotation key` },
  ]);
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (size <= ANNOTATION_BYTES) return findings;
  return [...findings, ['', { code: 'ISM0011', message: `annotations have ${size} characters, 262144 are allowed` }]];
}
