import type { Issue, ResourceRef, Severity } from '@isthmus/domain';
import type { Colours } from './colours.js';

/** Issues that are shown as text, of one number and altogether; more are counted only. */
const SHOWN_OF_CODE = 20;
const SHOWN = 200;

/**
 * One line per issue, `file:line:column CODE SEVERITY field: message`, its hint below; errors are never crowded out by the rest.
 * Without a place in a file, the resource stands for it.
 */
export function issueLines(issues: readonly Issue[], colours: Colours): string {
  const chosen = new Set(
    firstOfEach(issues)
      .sort((a, b) => RANK[a.severity] - RANK[b.severity])
      .slice(0, SHOWN),
  );
  const lines = issues.filter((one) => chosen.has(one)).map((one) => issueText(one, colours));
  const more = issues.length - chosen.size;
  const rest = more > 0 ? [`… and ${more} more; -o json shows all of them`] : [];
  return [...lines, ...rest].map((line) => `${line}\n`).join('');
}

function firstOfEach(issues: readonly Issue[]): Issue[] {
  const counts = new Map<string, number>();
  return issues.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= SHOWN_OF_CODE;
  });
}

const RANK: Record<Severity, number> = { ERROR: 0, WARNING: 1, INFO: 2 };

function issueText(one: Issue, colours: Colours): string {
  const { code, severity, path, message, hint, source, resource, cluster } = one;
  const place = source ? `${source.file}:${source.line}:${source.column}` : aboutText(resource, cluster);
  const paint = { ERROR: colours.red, WARNING: colours.yellow, INFO: colours.dim }[severity];
  const where = [
    cluster !== undefined && resource?.name !== cluster ? `[${cluster}]` : '',
    path === '' ? '' : `${path}:`,
  ];
  const text = [place, code, paint(severity), ...where, message].filter((part) => part !== '').join(' ');
  return hint === undefined ? text : `${text}\n    ${colours.dim('hint:')} ${hint}`;
}

function aboutText(resource: ResourceRef | undefined, cluster: string | undefined): string {
  if (resource === undefined) return cluster === undefined ? '' : `Cluster/${cluster}`;
  const project = resource.project === undefined ? '' : `${resource.project}/`;
  return `${resource.kind}/${project}${resource.name}`;
}

/** `2 errors, 1 warning`; empty without issues. */
export function issueCounts(issues: readonly Issue[]): string {
  const count = (severity: Severity) => issues.filter((one) => one.severity === severity).length;
  const part = (number: number, noun: string) => (number === 0 ? [] : [`${number} ${noun}${number === 1 ? '' : 's'}`]);
  return [...part(count('ERROR'), 'error'), ...part(count('WARNING'), 'warning'), ...part(count('INFO'), 'note')].join(
    ', ',
  );
}
