import { Content, Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { IssueList } from '../issues/issue-list.js';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { Sources } from '../rendered/sources.js';
import { DiffView } from './diff-view.js';
import { IssueParts } from '../issues/issue-parts.js';
import { Expandable } from '../shell/expandable.js';

export const PreviewParts = graphql(
  `
    fragment PreviewParts on Preview @_unmask {
      unknownClusters
      clusters {
        cluster
        added
        changed
        removed
        truncated
        issues {
          ...IssueParts
        }
        objects {
          apiVersion
          kind
          namespace
          name
          change
          diff
          sources {
            kind
            project
            name
          }
        }
      }
    }
  `,
  [IssueParts],
);

export type ShownPreview = ResultOf<typeof PreviewParts>;

const STATUS = { ADDED: 'success', CHANGED: 'warning', REMOVED: 'danger' } as const;

/** What a change does to the objects in each cluster. */
export function PreviewView({ preview }: { preview: ShownPreview }): ReactNode {
  const touched = preview.clusters.filter(
    ({ added, changed, removed, issues }) => added + changed + removed + issues.length > 0,
  );
  const texts = messages.editor;
  return (
    <>
      {preview.unknownClusters.length === 0 ? null : (
        <Content component="p">{texts.unknown(preview.unknownClusters.join(', '))}</Content>
      )}
      {touched.length === 0 ? <Content component="p">{texts.nothing}</Content> : null}
      {touched.map(({ cluster, added, changed, removed, issues, objects, truncated }) => (
        <section key={cluster} aria-label={cluster}>
          <Content component="h3">{texts.changes({ cluster, added, changed, removed })}</Content>
          {issues.length === 0 ? null : <IssueList issues={issues} />}
          {objects.map(({ apiVersion, kind, namespace, name, change, diff, sources }) => (
            <Expandable
              key={`${apiVersion} ${kind} ${namespace ?? ''} ${name}`}
              title={
                <>
                  <Label isCompact status={STATUS[change]}>
                    {change.toLowerCase()}
                  </Label>{' '}
                  {kind} {namespace ? `${namespace}/` : ''}
                  {name}
                </>
              }
            >
              <Sources sources={sources} />
              <DiffView label={`${kind} ${name}`} diff={diff} />
            </Expandable>
          ))}
          {truncated ? <Content component="p">{texts.truncated}</Content> : null}
        </section>
      ))}
    </>
  );
}
