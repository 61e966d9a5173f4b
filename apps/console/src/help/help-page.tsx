import { Button, Content, Title } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { helpSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { PageFrame } from '../shell/page-frame.js';
import { SearchBox } from '../shell/search-box.js';
import { Nothing } from '../shell/states.js';
import { CHAPTER_GROUPS } from './chapters.js';
import { docSearch, excerptOf, type DocSearch } from './doc-search.js';
import { helpMessages as texts } from './help-messages.js';
import { useLoaded } from './use-loaded.js';
import './help.css';

/** The documentation of the product: its chapters, or where something is written. */
export function HelpPage(): ReactNode {
  const { search } = useAddress(helpSearch);
  const change = useChangeAddress<{ search?: string | undefined }>();
  return (
    <PageFrame title={texts.title} lead={texts.lead}>
      <SearchBox label={texts.search} value={search} change={(next) => change({ search: next })} />
      {search === undefined ? <Chapters /> : <Found text={search} clear={() => change({})} />}
    </PageFrame>
  );
}

function Chapters(): ReactNode {
  return (
    <nav aria-label={texts.contents} className="isthmus-docs-groups">
      {CHAPTER_GROUPS.map(({ title, chapters }) => (
        <section key={title} aria-label={title}>
          <Title headingLevel="h2">{title}</Title>
          <ul>
            {chapters.map((chapter) => (
              <li key={chapter.to}>
                <Link to={chapter.to}>{chapter.title}</Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function Found({ text, clear }: { text: string; clear: () => void }): ReactNode {
  const { value, error, again } = useLoaded('search', docSearch);
  return (
    <Asked data={value} error={error} again={again}>
      {(find) => <Places find={find} text={text} clear={clear} />}
    </Asked>
  );
}

const MOST = 50;

function Places({ find, text, clear }: { find: DocSearch; text: string; clear: () => void }): ReactNode {
  const places = find(text).slice(0, MOST);
  if (places.length === 0)
    return (
      <Nothing title={texts.none(text)}>
        <Button variant="link" onClick={clear}>
          {texts.clear}
        </Button>
      </Nothing>
    );
  return (
    <ul aria-label={texts.found} className="isthmus-plain isthmus-docs-found">
      {places.map((place) => (
        <li key={`${place.to}#${place.hash}`}>
          <Link to={place.to} {...(place.hash === '' ? {} : { hash: place.hash })}>
            {place.heading === place.chapter ? place.chapter : `${place.chapter}: ${place.heading}`}
          </Link>
          <Content component="p">{excerptOf(place, text)}</Content>
        </li>
      ))}
    </ul>
  );
}
