import { Content } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { SeverityLabel } from '../status/severity-label.js';
import { issueAddress } from './chapters.js';
import { issueAreas } from './issue-entries.js';

/** Every issue code with its title, by area. */
export function IssueIndex({ markdown }: { markdown: string }): ReactNode {
  const areas = useMemo(() => issueAreas(markdown), [markdown]);
  return (
    <Content className="isthmus-docs-text">
      {areas.map(({ title, entries }) => (
        <section key={title} aria-label={title}>
          <h2>{title}</h2>
          <ul>
            {entries.map((entry) => (
              <li key={entry.code}>
                <Link to={issueAddress(entry.code)}>{`${entry.code}: ${entry.title}`}</Link>{' '}
                <SeverityLabel severity={entry.severity} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Content>
  );
}
