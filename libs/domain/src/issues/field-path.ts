/** One step of a field's path: a key of a mapping or an index of a list. */
export type PathStep = string | number;

const PLAIN = /^[A-Za-z_][A-Za-z0-9_-]{0,316}$/;

/** The longest key that Kubernetes knows: a DNS name, a slash and 63 characters. Longer ones are cut, and no path finds them again. */
const LONGEST_KEY = 317;

/** Text of a field's path: `spec.members[0].clusters`; other keys are quoted: `metadata.labels["example.com/tier"]`. */
export function formatPath(steps: readonly PropertyKey[]): string {
  return steps.map((step, index) => formatStep(step, index === 0)).join('');
}

function formatStep(step: PropertyKey, isFirst: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  const key = String(step);
  if (!PLAIN.test(key)) return `[${quoted(key)}]`;
  return isFirst ? key : `.${key}`;
}

/** JSON text of a key in ASCII: paths are shown to people, and other letters may look like these. */
function quoted(key: string): string {
  const shown = key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key;
  return JSON.stringify(shown).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const STEP = /\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gy;

/** The inverse of formatPath; the readable start of the path if the rest is no path. */
export function parsePath(path: string): PathStep[] {
  return [...path.matchAll(STEP)].map(([, key, index, quoted]) => {
    if (key !== undefined) return key;
    return index === undefined ? String(JSON.parse(quoted ?? '""')) : Number(index);
  });
}
