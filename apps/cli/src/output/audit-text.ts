import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import type { ListedChange } from '../audit/server-source.js';
import { colouredPatch } from './coloured-patch.js';
import type { Colours } from './colours.js';
import { table } from './table.js';

function subjectOf({ subjectKind, subjectId, project, name }: ListedChange): string {
  const place = project === '' || project === 'default' ? '' : `${project}/`;
  return `${subjectKind} ${place}${name === '' ? subjectId : name}`;
}

/** One line a change. */
export function changeTable(changes: readonly ListedChange[]): string {
  return table(
    ['AT', 'ACTOR', 'ACTION', 'SUBJECT', 'FROM', 'SEAL'],
    changes.map((change) => [
      change.at,
      change.actor,
      change.action,
      subjectOf(change),
      change.ip ?? '',
      change.seal === null ? '' : String(change.seal),
    ]),
  );
}

const yaml = (value: unknown): string => (value === undefined || value === null ? '' : stringify(value));

/** A change with the difference between what was there before and after. */
export function changeText(change: ListedChange, colours: Colours): string {
  const { at, actor, action, before, after, requestId, ip } = change;
  const from = [ip, requestId && `request ${requestId}`].filter((part) => part !== undefined && part !== '');
  const head = `${at} ${actor} ${action} ${subjectOf(change)}${from.length === 0 ? '' : ` (${from.join(', ')})`}`;
  const patch = createTwoFilesPatch('before', 'after', yaml(before), yaml(after), '', '', { context: 3 });
  const lines = patch.split('\n').slice(1).join('\n');
  return `${colours.bold(printable(head))}\n${colouredPatch(printable(lines), colours)}`;
}

/** Nothing in a change may move the cursor; lines and tabs stay. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]/g, '?');
}
