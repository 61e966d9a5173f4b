import { isLabelKey, isLabelValue } from '@isthmus/domain';
import { UsageError } from '../usage-error.js';

/** One condition on labels, as the API takes it. */
export interface LabelExpression {
  key: string;
  operator: 'IN' | 'NOT_IN' | 'EXISTS' | 'DOES_NOT_EXIST';
  values?: string[];
}

const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const PAIR = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/;

/** The conditions of `-l`, as kubectl writes them: `tier=app,site!=us,env in (dev,test),team,!old`; all of them hold. Throws a usage error for other forms. */
export function parseSelector(text: string): LabelExpression[] {
  return partsOf(text).map((part) => {
    const expression = setOf(part) ?? pairOf(part) ?? presenceOf(part);
    const { key = '', values = [] } = expression ?? {};
    if (expression !== undefined && isLabelKey(key) && values.every(isLabelValue)) return expression;
    const forms = 'tier=app, site!=us, "env in (dev,test)", "env notin (prod)", team, \'!old\'';
    throw new UsageError(`-l takes ${forms}, with commas between them, not ${JSON.stringify(part)}`);
  });
}

/** Commas outside of parentheses part the conditions. */
function partsOf(text: string): string[] {
  return text.split(/,(?![^()]*\))/).map((part) => part.trim());
}

function setOf(part: string): LabelExpression | undefined {
  const [, key, operator, list] = SET.exec(part) ?? [];
  if (key === undefined || list === undefined) return undefined;
  return { key, operator: operator === 'in' ? 'IN' : 'NOT_IN', values: list.split(',').map((value) => value.trim()) };
}

function pairOf(part: string): LabelExpression | undefined {
  const [, key, operator, value] = PAIR.exec(part) ?? [];
  if (key === undefined || value === undefined) return undefined;
  return { key, operator: operator === '!=' ? 'NOT_IN' : 'IN', values: [value] };
}

function presenceOf(part: string): LabelExpression | undefined {
  const [, not, key] = /^(!?)\s*([^\s=!()]+)$/.exec(part) ?? [];
  return key === undefined ? undefined : { key, operator: not === '!' ? 'DOES_NOT_EXIST' : 'EXISTS' };
}

/** The labels of `--prune a=b,c=d`; throws a usage error for other forms, since what is pruned must be plain. */
export function parseLabels(text: string): { name: string; value: string }[] {
  return text.split(',').map((part) => {
    const [name = '', value, ...rest] = part.trim().split(/==?/);
    if (value === undefined || rest.length > 0 || !isLabelKey(name) || !isLabelValue(value)) {
      throw new UsageError(`--prune takes labels like tier=app,site=us, not ${JSON.stringify(part)}`);
    }
    return { name, value };
  });
}
