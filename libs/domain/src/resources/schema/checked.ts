import * as z from 'zod';
import type { IssueCode } from '../../issues/catalog.js';
import type { Finding, TextCheck } from '../text/finding.js';

/** Longest list of a resource. */
export const MAX_ITEMS = 10_000;

type Context = Pick<z.core.$RefinementCtx, 'addIssue'>;

/** Adds a finding to a parse, at a place below the checked value. */
export function report(context: Context, finding: Finding, path: PropertyKey[] = []): void {
  const { code, message, hint } = finding;
  context.addIssue({ code: 'custom', message, path, params: { code, hint } });
}

/** What a JSON Schema says of a field beside its type. */
export interface FieldDocs {
  description: string;
  pattern?: string;
  maxLength?: number;
  examples?: unknown[];
  /** What the text names; forms complete it. */
  'x-isthmus-names'?: Named;
  /** How the text is written, where that is more than one word. */
  'x-isthmus-format'?: 'duration';
}

/** What a field may name: a resource by its kind, or what clusters report. */
export type Named =
  | 'Cluster'
  | 'ClusterGroup'
  | 'DataGroup'
  | 'GlobalNamespace'
  | 'Namespace'
  | 'Project'
  | 'Service'
  | 'ServiceGroup'
  | 'UserGroup';

/** A text that the check judges. */
export function text(check: TextCheck, docs: FieldDocs): z.ZodString {
  const schema = z.string().superRefine((value, context) => {
    const finding = check(value);
    if (finding !== undefined) report(context, finding);
  });
  return schema.meta({ ...docs });
}

/** Any text up to a length. */
export function freeText(maxLength: number, description: string): z.ZodString {
  return text(
    (value) =>
      value.length <= maxLength
        ? undefined
        : { code: 'ISM0019', message: `the text has ${value.length} characters, ${maxLength} are allowed` },
    { description, maxLength },
  );
}

/** A whole number of a range. */
export function whole(first: number, last: number, description: string): z.ZodNumber {
  const schema = z.number().superRefine((value, context) => {
    if (Number.isSafeInteger(value) && value >= first && value <= last) return;
    report(context, { code: 'ISM0016', message: `${value} is not a whole number from ${first} to ${last}` });
  });
  return schema.meta({ description, type: 'integer', minimum: first, maximum: last });
}

/** How a list may look: code of an empty one (undefined: may be empty), and the key by which repetitions are found. */
export interface ListRules {
  whenEmpty?: IssueCode;
  description: string;
}

/** A list of at most 10,000 elements; equal elements get a warning. */
export function list<T extends z.ZodType>(element: T, { whenEmpty, description }: ListRules): z.ZodArray<T> {
  const schema = z.array(element).superRefine((values, context) => {
    if (whenEmpty !== undefined && values.length === 0)
      report(context, { code: whenEmpty, message: 'the list is empty' });
    if (values.length > MAX_ITEMS) {
      report(context, { code: 'ISM0020', message: `the list has ${values.length} elements, ${MAX_ITEMS} are allowed` });
    } else reportRepetitions(values, context);
  }, ALWAYS);
  const minItems = whenEmpty === undefined ? {} : { minItems: 1 };
  return schema.meta({ description, maxItems: MAX_ITEMS, ...minItems });
}

/** Lets a check of a list or mapping run even if something inside of it is wrong, so that all issues are found at once. */
export const ALWAYS = { when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null };

function reportRepetitions(values: readonly unknown[], context: Context): void {
  const seen = new Set<string>();
  for (const [index, value] of values.entries()) {
    const key = JSON.stringify(value);
    if (seen.has(key))
      report(context, { code: 'ISM0036', message: `element ${index} repeats an earlier one` }, [index]);
    seen.add(key);
  }
}

/** Words of a fixed set. */
export function oneOf<const T extends readonly [string, ...string[]]>(values: T, description: string) {
  return z.enum(values).meta({ description });
}
