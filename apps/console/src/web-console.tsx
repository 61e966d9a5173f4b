import type { ApolloClient } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { RouterProvider, type RouterHistory } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import type { LinkState } from './connection/link-state.js';
import type { Session } from './connection/session.js';
import { createConsoleRouter } from './router.js';
import { part } from './shell/later.js';
import { LinkContext, SessionContext } from './shell/session-context.js';
import { showTheme, storedTheme } from './shell/theme.js';
import { TimesProvider } from './shell/times.js';

const SignIn = lazy(() => part(() => import('./shell/sign-in.js'), 'SignIn'));

interface WebConsoleProps {
  client: ApolloClient;
  session: Session;
  link: LinkState;
  /** Where the address is kept; the browser's if not given. */
  history?: RouterHistory;
}

/** The whole console: whoever is not signed in sees the sign-in, at the address to which he comes back. */
export function WebConsole({ client, session, link, history }: WebConsoleProps): ReactNode {
  const standing = useSyncExternalStore(session.subscribe, session.standing);
  const router = useMemo(() => createConsoleRouter(history), [history]);
  useEffect(() => showTheme(storedTheme(localStorage), window), []);
  useEffect(() => {
    if (standing === 'out') void client.clearStore();
  }, [client, standing]);
  return (
    <SessionContext value={session}>
      <LinkContext value={link}>
        <ApolloProvider client={client}>
          <TimesProvider>
            {standing === 'out' ? (
              <Suspense>
                <SignIn />
              </Suspense>
            ) : (
              <RouterProvider router={router} />
            )}
          </TimesProvider>
        </ApolloProvider>
      </LinkContext>
    </SessionContext>
  );
}
