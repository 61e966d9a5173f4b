import { Alert, AlertGroup, Content } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { IssueWay } from './issue-way.js';

/** An issue as the API tells it. */
export interface ShownIssue {
  code: string;
  severity: 'ERROR' | 'WARNING' | 'INFO';
  title?: string | null;
  message: string;
  path: string;
  cause?: string | null;
  fix?: string | null;
  hint?: string | null;
  cluster?: string | null;
}

const VARIANT = { ERROR: 'danger', WARNING: 'warning', INFO: 'info' } as const;

/** Numbered issues, each with its place, cause and fix. */
export function IssueList({ issues }: { issues: readonly ShownIssue[] }): ReactNode {
  if (issues.length === 0) return <Content component="p">{messages.issues.none}</Content>;
  return (
    <AlertGroup>
      {issues.map((issue, index) => (
        <Alert
          key={`${issue.code} ${issue.path} ${index}`}
          isInline
          variant={VARIANT[issue.severity]}
          title={<IssueWay code={issue.code}>{`${issue.code}: ${issue.title ?? issue.message}`}</IssueWay>}
          component="h3"
        >
          <Explained issue={issue} />
        </Alert>
      ))}
    </AlertGroup>
  );
}

function Explained({ issue }: { issue: ShownIssue }): ReactNode {
  const { cause, fix, hint, cluster, path, message } = issue;
  const where = [cluster, path].filter((part) => part !== '' && part !== null && part !== undefined).join(': ');
  return (
    <>
      <p>{message}</p>
      {where === '' ? null : (
        <p>
          {messages.issues.where}: <code>{where}</code>
        </p>
      )}
      {cause ? (
        <p>
          {messages.issues.cause}: {cause}
        </p>
      ) : null}
      {fix || hint ? (
        <p>
          {messages.issues.fix}: {hint ?? fix}
        </p>
      ) : null}
    </>
  );
}
