import { durationText } from '../resources/text/durations.js';

/** Fields that hold hundredths of a percent under names that do not say so. */
const SHARES: ReadonlySet<string> = new Set(['share', 'minHealthy']);

const percentText = (basisPoints: number): string => `${basisPoints / 100}%`;

interface Shown {
  name: string;
  text: string;
}

function numberShown(name: string, value: number): Shown {
  if (name.endsWith('AtMs')) return { name: name.slice(0, -2), text: new Date(value).toISOString() };
  if (name.endsWith('Ms')) return { name: name.slice(0, -2), text: durationText(value) };
  if (name.endsWith('BasisPoints')) return { name: name.slice(0, -'BasisPoints'.length), text: percentText(value) };
  return { name, text: SHARES.has(name) ? percentText(value) : String(value) };
}

function shown(name: string, value: unknown): Shown {
  if (typeof value === 'number') return numberShown(name, value);
  if (typeof value === 'string') return { name, text: value };
  if (Array.isArray(value)) return { name, text: `[${value.map((item) => shown('', item).text).join(', ')}]` };
  if (typeof value !== 'object' || value === null) return { name, text: String(value) };
  const parts = Object.entries(value).map(([key, inner]) => shown(key, inner));
  return { name, text: `{${parts.map((part) => `${part.name}: ${part.text}`).join(', ')}}` };
}

/**
 * The fields of a feature for people, in the units in which policies are written: `request=3s share=12.5%` for `requestMs` 3000 and a
 * `share` of 1250. Only to be read: texts are not quoted.
 */
export function featureText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([key, value]) => shown(key, value))
    .map(({ name, text }) => `${name}=${text}`)
    .join(' ');
}
