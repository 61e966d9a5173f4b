import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { CloseCode, createClient } from 'graphql-ws';
import { messages } from '../messages/messages.js';
import type { LinkState } from './link-state.js';
import type { Session } from './session.js';

/** What a client is made of; `fetch` and `socket` are the browser's, unless a test gives others. */
export interface ClientOptions {
  session: Session;
  link: LinkState;
  origin: string;
  fetch?: typeof fetch;
}

/** The one client of the console: queries and mutations by HTTP, subscriptions by WebSocket. A token that is refused ends the session. */
export function createGraphqlClient({ session, link, origin, fetch: fetcher }: ClientOptions): ApolloClient {
  const authorization = (): Record<string, string> => {
    const token = session.token();
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  };
  const http = new HttpLink({ uri: `${origin}/graphql`, ...(fetcher === undefined ? {} : { fetch: fetcher }) });
  const sockets = new GraphQLWsLink(
    createClient({
      url: `${origin.replace(/^http/, 'ws')}/graphql`,
      connectionParams: authorization,
      lazy: true,
      retryAttempts: Infinity,
      shouldRetry: () => session.token() !== undefined,
      on: {
        connected: () => link.set(false),
        closed: (event) => (isRefusal(event) ? session.signOut(messages.signIn.expired) : link.set(true)),
      },
    }),
  );
  const withToken = new SetContextLink(({ headers }: Readonly<ApolloLink.OperationContext>) => ({
    headers: { ...authorization(), ...(headers as Record<string, string> | undefined) },
  }));
  const faults = new ErrorLink(({ error }) => {
    if (isRefused(error)) session.signOut(messages.signIn.expired);
  });
  const transport = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    sockets,
    withToken.concat(http),
  );
  return new ApolloClient({
    link: faults.concat(transport),
    cache: new InMemoryCache(),
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network' } },
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
