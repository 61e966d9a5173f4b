import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { helpMessages as texts } from './help-messages.js';

/** Ways back from a page of the documentation. */
export function HelpWays({ toIssues = false }: { toIssues?: boolean }): ReactNode {
  return (
    <>
      <Link to="/help">{texts.all}</Link>
      {toIssues ? (
        <>
          {' · '}
          <Link to="/help/$slug" params={{ slug: 'issues' }}>
            {texts.allIssues}
          </Link>
        </>
      ) : null}
    </>
  );
}
