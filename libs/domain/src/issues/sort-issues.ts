import type { Issue } from './issue.js';

const SEVERITIES = { ERROR: 0, WARNING: 1, INFO: 2 } as const;

/**
 * Order of display: file, line, column; then cluster, resource, path, severity, code, message.
 * Issues without a position come after those that have one. Numbers inside of paths order as texts.
 */
export function compareIssues(a: Issue, b: Issue): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  for (const [index, key] of left.entries()) {
    const other = right[index];
    if (other === undefined || key === other) continue;
    return key < other ? -1 : 1;
  }
  return 0;
}

/** The issues in order of display, each once: an issue equal in code, place and message is shown a single time. */
export function sortIssues(issues: readonly Issue[]): Issue[] {
  const unique = new Map(issues.map((one) => [JSON.stringify(sortKey(one)), one]));
  return [...unique.values()].sort(compareIssues);
}

function sortKey({ source, cluster = '', resource, path, severity, code, message }: Issue): (string | number)[] {
  const place = source ? [0, source.file, source.line, source.column] : [1, '', 0, 0];
  const about = resource ? [resource.kind, resource.project ?? '', resource.name] : ['', '', ''];
  return [...place, cluster, ...about, path, SEVERITIES[severity], code, message];
}
