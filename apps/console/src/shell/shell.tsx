import {
  Alert,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadMain,
  MastheadToggle,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
} from '@patternfly/react-core';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { use, useEffect, useRef, useSyncExternalStore, type ReactNode } from 'react';
import { Live } from '../connection/live.js';
import { messages } from '../messages/messages.js';
import { useShownPath } from './address.js';
import { Keys } from './keys.js';
import { Navigation } from './navigation.js';
import { LinkContext } from './session-context.js';
import { FaultBoundary } from './states.js';
import { Preferences } from './preferences.js';

const MAIN = 'content';

function Header(): ReactNode {
  return (
    <Masthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton isHamburgerButton aria-label={messages.navigation.toggle} />
        </MastheadToggle>
        <MastheadBrand>
          <Link to="/" className="isthmus-brand">
            {messages.product}
          </Link>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Keys />
        <Preferences />
      </MastheadContent>
    </Masthead>
  );
}

function LostNotice(): ReactNode {
  const link = use(LinkContext);
  const isLost = useSyncExternalStore(link.subscribe, link.isLost);
  return (
    <div role="status">
      {isLost ? <Alert variant="warning" component="h2" isInline title={messages.states.offline} /> : null}
    </div>
  );
}

/** Frame of every page: skip link, head, navigation, content. */
export function Shell(): ReactNode {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // Not of the address: the page before stays while the next one is loaded, and is not begun anew for it.
  const shown = useShownPath();
  const heard = useRef(shown);
  useEffect(() => {
    // Whoever listens instead of looking hears that the page is another one; the first page is no change of pages.
    if (heard.current !== shown) document.getElementById(MAIN)?.focus();
    heard.current = shown;
  }, [shown]);
  return (
    <Page
      masthead={<Header />}
      isManagedSidebar
      mainContainerId={MAIN}
      mainTabIndex={-1}
      skipToContent={<SkipToContent href={`#${MAIN}`}>{messages.skip}</SkipToContent>}
      sidebar={
        <PageSidebar>
          <PageSidebarBody>
            <Navigation path={path} />
          </PageSidebarBody>
        </PageSidebar>
      }
    >
      <Live />
      <LostNotice />
      <FaultBoundary key={shown}>
        <Outlet />
      </FaultBoundary>
    </Page>
  );
}
