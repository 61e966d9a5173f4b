import type * as z from 'zod';
import type { IssueCode } from '../issues/catalog.js';
import { isIssueCode } from '../issues/catalog.js';
import type { PathStep } from '../issues/field-path.js';
import { didYouMean } from './text/did-you-mean.js';
import type { PlacedFinding } from './hygiene.js';
import { describeValue, quote } from './text/quote.js';

type Fault = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** Findings of one schema fault; `fieldsAt` names the fields that a mapping at a place may have. */
export function faultFindings(fault: Fault, fieldsAt: (steps: readonly PropertyKey[]) => string[]): PlacedFinding[] {
  const steps = fault.path.filter((step): step is PathStep => typeof step !== 'symbol');
  if (fault.code === 'unrecognized_keys') {
    return fault.keys.map((key) => unknownField(key, steps, fieldsAt(steps)));
  }
  return [{ ...valueFinding(fault, steps), steps }];
}

function unknownField(key: string, steps: readonly PathStep[], known: string[]): PlacedFinding {
  return finding('ISM0005', `${quote(key)} is not a field here`, {
    steps: [...steps, key],
    hint: didYouMean(key, known),
  });
}

function valueFinding(fault: Fault, steps: readonly PathStep[]): PlacedFinding {
  if (fault.code === 'custom') return customFinding(fault, steps);
  if (fault.input === undefined) return finding('ISM0006', `${lastOf(steps)} is required`, { steps });
  if (fault.code === 'invalid_value') return enumFinding(fault, steps);
  if (fault.code === 'invalid_type') return typeFinding(fault, steps);
  return finding('ISM0007', `${describeValue(fault.input)} is not allowed here`, { steps });
}

function customFinding(fault: Extract<Fault, { code: 'custom' }>, steps: readonly PathStep[]): PlacedFinding {
  const { code, hint } = fault.params ?? {};
  const known: IssueCode = typeof code === 'string' && isIssueCode(code) ? code : 'ISM0007';
  return finding(known, fault.message, { steps, hint: typeof hint === 'string' ? hint : undefined });
}

function enumFinding(fault: Extract<Fault, { code: 'invalid_value' }>, steps: readonly PathStep[]): PlacedFinding {
  const allowed = fault.values.map(String).filter((value) => value !== 'EastWest');
  const word = fault.input;
  const hint = typeof word === 'string' ? didYouMean(word, allowed) : `one of ${allowed.join(', ')}`;
  return finding('ISM0008', `${describeValue(word)} is not allowed for ${lastOf(steps)}`, { steps, hint });
}

function typeFinding(fault: Extract<Fault, { code: 'invalid_type' }>, steps: readonly PathStep[]): PlacedFinding {
  const isNumber = fault.expected === 'number' && typeof fault.input === 'number';
  const expected = isNumber ? 'a finite number' : (TYPES[fault.expected] ?? fault.expected);
  const isUnquoted = expected === 'a text' && ['number', 'boolean'].includes(typeof fault.input);
  const hint = isUnquoted ? 'put the value in quotes' : undefined;
  const value = fault.input === null ? 'it is empty' : `it is ${describeValue(fault.input)}`;
  return finding('ISM0007', `${lastOf(steps)} must be ${expected}, but ${value}`, { steps, hint });
}

function finding(
  code: IssueCode,
  message: string,
  { steps, hint }: { steps: readonly PathStep[]; hint?: string | undefined },
): PlacedFinding {
  return { code, message, steps, ...(hint === undefined ? {} : { hint }) };
}

function lastOf(steps: readonly PathStep[]): string {
  const last = steps.at(-1);
  if (typeof last === 'number') return `element ${last} of ${lastOf(steps.slice(0, -1))}`;
  return last === undefined ? 'the resource' : quoteUnlessPlain(last);
}

const quoteUnlessPlain = (word: string) => (/^[A-Za-z]\w{0,60}$/.test(word) ? word : quote(word));
