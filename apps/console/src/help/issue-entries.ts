import type { ShownIssue } from '../issues/issue-list.js';

/** What is written about an issue code. */
export interface IssueEntry {
  code: string;
  title: string;
  severity: ShownIssue['severity'];
  cause: string;
  fix: string;
}

export interface IssueArea {
  title: string;
  entries: IssueEntry[];
}

const ENTRY =
  /^### (?<code>ISM\d{4})\n+\*\*(?<title>.+)\*\* · (?<severity>ERROR|WARNING|INFO)\n+Cause: (?<cause>.+)\n+Fix: (?<fix>.+)$/gm;

function entryOf({ groups = {} }: RegExpMatchArray): IssueEntry {
  const { code = '', title = '', severity, cause = '', fix = '' } = groups;
  return { code, title, severity: severity as ShownIssue['severity'], cause, fix };
}

/** Every entry of docs/issues.md, by area. The file is generated, and its form is that of its generator. */
export function issueAreas(markdown: string): IssueArea[] {
  const [, ...areas] = markdown.split(/^## /m);
  return areas.map((area) => ({
    title: area.slice(0, area.indexOf('\n')),
    entries: [...area.matchAll(ENTRY)].map(entryOf),
  }));
}
