import { Content } from '@patternfly/react-core';
import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useMemo, type ReactNode } from 'react';
import { usePathPart } from '../shell/address.js';
import { PageFrame } from '../shell/page-frame.js';
import { Asked } from '../shell/asked.js';
import { Nothing } from '../shell/states.js';
import { CHAPTERS, type Chapter } from './chapters.js';
import { chapterText } from './chapter-texts.js';
import { HelpWays } from './help-ways.js';
import { helpMessages as texts } from './help-messages.js';
import { IssueEntryPage } from './issue-entry-page.js';
import { IssueIndex } from './issue-index.js';
import { MarkdownView } from './markdown-view.js';
import { headingsOf, tokensOf } from './markdown.js';
import { useLoaded } from './use-loaded.js';
import './help.css';

/** A chapter of the documentation, or the entry of an issue code. */
export function ChapterPage(): ReactNode {
  const [slug, name] = [usePathPart('slug'), usePathPart('name')];
  if (slug === 'issues' && name !== '') return <IssueEntryPage key={name} code={name.toUpperCase()} />;
  const to = `/help/${slug}${name === '' ? '' : `/${name}`}`;
  const chapter = CHAPTERS.find((one) => one.to === to);
  if (chapter !== undefined) return <Known key={to} chapter={chapter} />;
  return (
    <PageFrame title={texts.missing} lead={<HelpWays />}>
      <Nothing title={texts.missing}>
        <Link to="/help">{texts.all}</Link>
      </Nothing>
    </PageFrame>
  );
}

function Known({ chapter }: { chapter: Chapter }): ReactNode {
  const { value, error, again } = useLoaded(chapter.file, () => chapterText(chapter.file));
  return (
    <PageFrame title={chapter.title} lead={<HelpWays />}>
      <Asked data={value} error={error} again={again}>
        {(markdown) =>
          chapter.file === 'issues.md' ? (
            <IssueIndex markdown={markdown} />
          ) : (
            <Article markdown={markdown} file={chapter.file} />
          )
        }
      </Asked>
    </PageFrame>
  );
}

const LEAST_HEADINGS = 3;

function Article({ markdown, file }: { markdown: string; file: string }): ReactNode {
  const tokens = useMemo(() => tokensOf(markdown), [markdown]);
  const headings = useMemo(() => [...headingsOf(tokens).values()].filter(({ depth }) => depth === 2), [tokens]);
  const hash = useRouterState({ select: ({ location }) => location.hash });
  useEffect(() => {
    const place = hash === '' ? null : document.getElementById(hash);
    place?.scrollIntoView();
    place?.focus({ preventScroll: true });
  }, [hash]);
  return (
    <div className="isthmus-docs">
      {headings.length < LEAST_HEADINGS ? null : (
        <nav aria-label={texts.onThisPage} className="isthmus-docs-contents">
          <strong>{texts.onThisPage}</strong>
          <ul>
            {headings.map(({ id, text }) => (
              <li key={id}>
                <Link to="." hash={id}>
                  {text}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <Content className="isthmus-docs-text">
        <MarkdownView tokens={tokens} file={file} />
      </Content>
    </div>
  );
}
