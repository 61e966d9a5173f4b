import { Content, PageSection, Split, SplitItem, Title } from '@patternfly/react-core';
import { useEffect, type ReactNode } from 'react';
import { messages } from '../messages/messages.js';
import { HelpLink } from './help-link.js';
import { Loading } from './states.js';

interface PageFrameProps {
  title: string;
  /** One sentence below the title. */
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** Title, actions and content of a page; the title is the document's, too. */
export function PageFrame({ title, lead, actions, children }: PageFrameProps): ReactNode {
  useEffect(() => {
    document.title = `${title} – ${messages.product}`;
  }, [title]);
  return (
    <>
      <PageSection>
        <Split hasGutter isWrappable>
          <SplitItem isFilled>
            <Title headingLevel="h1" className="isthmus-page-title">
              {title}
            </Title>
            <HelpLink />
            {lead === undefined ? null : <Content component="p">{lead}</Content>}
          </SplitItem>
          {actions === undefined ? null : <SplitItem className="isthmus-page-actions">{actions}</SplitItem>}
        </Split>
      </PageSection>
      <PageSection isFilled>{children}</PageSection>
    </>
  );
}

/** A page whose code is on its way. */
export function ComingPage(): ReactNode {
  return (
    <PageFrame title={messages.states.loading}>
      <Loading />
    </PageFrame>
  );
}
