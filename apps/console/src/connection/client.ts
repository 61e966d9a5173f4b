import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { CloseCode, createClient } from 'graphql-ws';
import { messages } from '../messages/messages.js';
import { CSRF_HEADER } from './browser-session.js';
import { byHash } from './by-hash.js';
import type { LinkState } from './link-state.js';
import type { Session } from './session.js';

// The client's defaults are told to its types in this form.
declare module '@apollo/client' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- an augmentation of Apollo's namespace
  namespace ApolloClient {
    // eslint-disable-next-line @typescript-eslint/no-namespace -- as above
    namespace DeclareDefaultOptions {
      interface Mutate {
        errorPolicy: 'all';
      }
    }
  }
}

/** What a client is made of; `fetch` and `socket` are the browser's, unless a test gives others. */
export interface ClientOptions {
  session: Session;
  link: LinkState;
  origin: string;
  fetch?: typeof fetch;
  socket?: typeof WebSocket;
}

/** The one client of the console: queries and mutations by HTTP, subscriptions by WebSocket. What is refused ends the session. */
export function createGraphqlClient({
  session,
  link,
  origin,
  fetch: fetcher = fetch,
  socket,
}: ClientOptions): ApolloClient {
  const authorization = (): Record<string, string> => {
    const token = session.token();
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  };
  const refused = (): void =>
    session.end(session.standing() === 'token' ? messages.signIn.expired : messages.signIn.ended);
  const http = new HttpLink({ uri: `${origin}/graphql`, fetch: byHash(fetcher) });
  const sockets = new GraphQLWsLink(
    createClient({
      url: `${origin.replace(/^http/, 'ws')}/graphql`,
      connectionParams: authorization,
      lazy: true,
      ...(socket === undefined ? {} : { webSocketImpl: socket }),
      retryAttempts: Infinity,
      shouldRetry: () => session.standing() !== 'out',
      on: {
        connected: () => link.set(false),
        closed: (event) => (isRefusal(event) ? refused() : link.set(true)),
      },
    }),
  );
  const withToken = new SetContextLink(({ headers }: Readonly<ApolloLink.OperationContext>) => ({
    headers: { ...CSRF_HEADER, ...authorization(), ...(headers as Record<string, string> | undefined) },
  }));
  const faults = new ErrorLink(({ error }) => {
    if (isRefused(error)) refused();
  });
  const transport = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    sockets,
    withToken.concat(http),
  );
  return new ApolloClient({
    link: faults.concat(transport),
    cache: new InMemoryCache({
      typePolicies: {
        // There is one viewer: what one page asks of it adds to what others did.
        Viewer: { keyFields: [] },
        // It has no id: other objects of it are no other configuration.
        MeshConfiguration: { merge: true },
        // Nor has this: other sorts that are found by a text add to what was found by it.
        SearchResult: { merge: true },
      },
    }),
    // What goes wrong with a change is shown where it was asked for: nobody waits for a promise that fails.
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network' }, mutate: { errorPolicy: 'all' } },
  });
}

function isRefusal(event: unknown): boolean {
  const code = event instanceof CloseEvent ? event.code : undefined;
  return code === Number(CloseCode.Forbidden) || code === Number(CloseCode.Unauthorized);
}

/** True for an answer that the token was not taken. */
export function isRefused(error: unknown): boolean {
  if (ServerError.is(error)) return error.statusCode === 401;
  if (CombinedGraphQLErrors.is(error))
    return error.errors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED');
  return false;
}

/** The number under which the server's log tells of an error; undefined if it did not come so far. */
export function requestIdOf(error: unknown): string | undefined {
  const extensions = CombinedGraphQLErrors.is(error) ? error.errors[0]?.extensions : undefined;
  const id = extensions?.['requestId'];
  return typeof id === 'string' ? id : undefined;
}
