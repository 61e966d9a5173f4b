import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { Asked } from '../shell/asked.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { Facts } from '../status/facts.js';
import { SeverityLabel } from '../status/severity-label.js';
import { chapterText } from './chapter-texts.js';
import { helpMessages as texts } from './help-messages.js';
import { HelpWays } from './help-ways.js';
import { issueAreas, type IssueEntry } from './issue-entries.js';
import { useLoaded } from './use-loaded.js';

/** What an issue code means, why it is reported and what to do about it. */
export function IssueEntryPage({ code }: { code: string }): ReactNode {
  const { value, error, again } = useLoaded('issues.md', () => chapterText('issues.md'));
  const entry = value && issueAreas(value).flatMap(({ entries }) => entries.find((one) => one.code === code) ?? [])[0];
  return (
    <PageFrame title={entry ? `${code}: ${entry.title}` : code} lead={<HelpWays toIssues />}>
      <Asked data={value} error={error} again={again}>
        {() => (entry ? <Entry entry={entry} /> : <Missing code={code} />)}
      </Asked>
    </PageFrame>
  );
}

function Entry({ entry: { severity, cause, fix } }: { entry: IssueEntry }): ReactNode {
  return (
    <Facts
      facts={[
        [texts.severity, <SeverityLabel key="severity" severity={severity} />],
        [messages.issues.cause, cause],
        [messages.issues.fix, fix],
      ]}
    />
  );
}

function Missing({ code }: { code: string }): ReactNode {
  return (
    <Nothing title={texts.missingIssue(code)} body={texts.missingIssueBody}>
      <Link to="/help/$slug" params={{ slug: 'issues' }}>
        {texts.allIssues}
      </Link>
    </Nothing>
  );
}
