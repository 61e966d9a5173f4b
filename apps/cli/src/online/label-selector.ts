import { isLabelKey, isLabelValue } from '@isthmus/domain';
import { UsageError } from '../usage-error.js';

/** The labels of `-l a=b,c=d`; throws a usage error for other forms. */
export function parseLabels(text: string): { name: string; value: string }[] {
  return text.split(',').map((part) => {
    const [name = '', value, ...rest] = part.trim().split(/==?/);
    if (value === undefined || rest.length > 0 || !isLabelKey(name) || !isLabelValue(value)) {
      throw new UsageError(`-l takes labels like tier=app,site=us, not ${JSON.stringify(part)}`);
    }
    return { name, value };
  });
}
