/** Thrown where a text is more than plain; the full parser reads it then. */
export class NotPlain extends Error {}

const KEY = /^[A-Za-z][A-Za-z0-9_./-]*$/;
const WORDS = /^[A-Za-z0-9_/](?:[A-Za-z0-9_/.@+=:-]| (?=[A-Za-z0-9_/]))*$/;
const INTEGER = /^(?:0|[1-9]\d{0,14})$/;
const NUMBER_LIKE = /^[0-9][0-9A-Fa-fXxOo_.Ee+-]*$/;
const QUOTED = /^(?:"([^"\\]*)"|'([^']*)')$/;
const SPECIAL_WORDS = /^(?:null|true|false)$/i;

const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
]);

/** True for a key that is a text to every parser. */
export function isPlainKey(key: string): boolean {
  return KEY.test(key) && !SPECIAL_WORDS.test(key);
}

function isText(text: string): boolean {
  if (!WORDS.test(text) || /:(?: |$)/.test(text)) return false;
  return !NUMBER_LIKE.test(text) && !SPECIAL_WORDS.test(text);
}

/** The value of a scalar that stands on one line; throws `NotPlain` where its type is not plain to see. */
export function plainScalar(text: string): unknown {
  const quoted = QUOTED.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2];
  if (INTEGER.test(text)) return Number(text);
  if (CONSTANTS.has(text)) return CONSTANTS.get(text);
  if (!isText(text)) throw new NotPlain();
  return text;
}
