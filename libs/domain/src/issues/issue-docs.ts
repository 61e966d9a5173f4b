import { ISSUE_AREAS } from './catalog.js';
import type { IssueEntry } from './issue-entry.js';

const HEAD = `# Issues

Every diagnostic has a number that keeps its meaning: in the output of the CLI, in answers of the API, in reports of agents.
An ERROR blocks, a WARNING needs attention, INFO explains. This page is generated from the catalogue in the code.
`;

/** Markdown of all issue codes by area: title, severity, cause and fix. Deterministic, ends with a newline. */
export function issueDocs(): string {
  const areas = ISSUE_AREAS.map(({ title, first, last, codes }) => {
    const entries = Object.entries<IssueEntry>(codes);
    const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.length === 0 ? '' : `\n## ${title} (${code(first)}–${code(last)})\n${sorted.map(section).join('')}`;
  });
  return HEAD + areas.join('');
}

const code = (number: number) => `ISM${String(number).padStart(4, '0')}`;

function section([name, { severity, title, cause, fix }]: [string, IssueEntry]): string {
  return `\n### ${name}\n\n**${title}** · ${severity}\n\nCause: ${cause}\n\nFix: ${fix}\n`;
}
