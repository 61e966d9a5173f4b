import { Alert } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { IssueWay } from '../issues/issue-way.js';
import { messages } from '../messages/messages.js';
import type { Answer } from './apply-document.js';
import { ALL_KINDS } from './kinds.js';
import { ResourceLink } from './resource-link.js';

type Issues = NonNullable<Answer['error']>['issues'];

interface TakenNamesProps {
  issues: Issues;
  /** Ways on. */
  actions: ReactNode;
}

/** What was to be made is there already, perhaps only since it was looked at: it can be seen, and nothing is written over it. */
export function TakenNames({ issues, actions }: TakenNamesProps): ReactNode {
  return (
    <Alert isInline variant="danger" component="h3" title={messages.editor.taken} actionLinks={actions}>
      <ul>
        {issues.map((issue) => (
          <li key={issue.message}>
            {issue.code}: {issue.message} <Way issue={issue} /> <IssueWay code={issue.code} />
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function Way({ issue: { resource } }: { issue: Issues[number] }): ReactNode {
  const kind = ALL_KINDS.find((one) => one === resource?.kind);
  if (!resource || kind === undefined) return null;
  return (
    <ResourceLink kind={kind} name={resource.name} project={resource.project}>
      {messages.editor.lookAt(resource.name)}
    </ResourceLink>
  );
}
