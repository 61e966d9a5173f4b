import { stringify } from 'yaml';

/** Nothing is folded, aliased or anchored; texts that YAML 1.1 takes for something else are quoted. */
export const YAML_STYLE = { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;

/** Texts of letters and digits, with marks inside that mean nothing there; longer keys are written in another form. */
const WORD = /^[A-Za-z0-9](?:[A-Za-z0-9._/:=-]{0,510}[A-Za-z0-9])?$/;

/** No number, no base-60 number and no date has one of these letters, unless it begins with 0x. */
const LETTER = /[acdfg-np-suvwACDFG-NP-SUVW]/;

/** The constants of YAML 1.1. */
const CONSTANT = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** Texts that are remembered; more are forgotten all at once. */
const MAX_KNOWN = 4_096;
const MAX_LENGTH = 256;
const known = new Map<string, string | undefined>();

/**
 * The text of a value or key that stands on one line below the top of a document, as the library writes it; undefined if it
 * needs several lines or is no value of JSON. Plain words, which are most of what is rendered, are recognised here; the library
 * is asked for everything else.
 */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return isWord(value) ? value : askedText(value);
  if (typeof value === 'boolean' || value === null || Number.isSafeInteger(value)) {
    return Object.is(value, -0) ? '-0' : String(value);
  }
  return undefined;
}

/** True if the text stands for itself wherever it stands. */
export function isWord(text: string): boolean {
  return WORD.test(text) && LETTER.test(text) && !(text.length <= 5 && CONSTANT.test(text)) && !text.startsWith('0');
}

/** The text of a key; there are few different ones. */
export function keyText(key: string): string | undefined {
  return key.length <= MAX_LENGTH && known.has(key)
    ? known.get(key)
    : remembered(key, isWord(key) ? key : askedText(key));
}

function askedText(value: string): string | undefined {
  if (value.length > MAX_LENGTH) return undefined;
  if (known.has(value)) return known.get(value);
  const text = stringify([value], YAML_STYLE).slice('- '.length, -1);
  return remembered(value, text.includes('\n') ? undefined : text);
}

function remembered(value: string, text: string | undefined): string | undefined {
  if (known.size >= MAX_KNOWN) known.clear();
  if (value.length <= MAX_LENGTH) known.set(value, text);
  return text;
}
