import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import {
  CloseCode,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  makeServer,
  type ServerOptions,
  type SubscribePayload,
} from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { quote } from '@isthmus/domain';
import type { Logger } from '@isthmus/platform';
import type { Authenticator, Credentials } from '../auth/authenticator.js';
import type { CredentialReader } from '../auth/sessions/credentials.js';
import type { Viewer } from '../auth/viewer.js';
import type { Context } from '../graphql/context.js';
import type { OperationDoor } from '../graphql/door.js';
import { refusal } from '../graphql/errors.js';
import { type OperationRate, tooMany } from './rate-limit.js';
import { requestIdOf } from './request-id.js';
import type { Watch } from './token-watch.js';

const MAX_MESSAGE_BYTES = 1024 * 1024;
const INIT_TIMEOUT_MS = 5_000;
/** Operations at once on one socket. */
const MAX_OPERATIONS = 100;
const PING_MS = 15_000;
const GOING_AWAY = 1001;

export interface WebSocketOptions {
  path: string;
  door: OperationDoor;
  authenticator: Authenticator;
  rate: OperationRate;
  contextOf: (viewer: Viewer) => Context;
  credentials: CredentialReader;
  watch: Watch;
  /** Origins that browsers may come from, beside none at all. */
  isAllowedOrigin: (origin: string, host: string | undefined) => boolean;
  log: Logger;
}

/** What belongs to one socket. */
interface Connected {
  socket: WebSocket;
  request: IncomingMessage;
  /** Ids of its running operations. */
  running: Set<string>;
  stopWatching: () => void;
}

/** GraphQL over WebSocket (graphql-transport-ws) on the server's own port. Signing in happens with the first message. */
export function graphqlOverWebSocket(server: Server, options: WebSocketOptions): { close: () => Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });
  const graphql = makeServer(serverOptions(options));
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) =>
    serve(socket, request, { graphql, log: options.log }),
  );
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request, options);
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (accepted: WebSocket) =>
      sockets.emit('connection', accepted, request),
    );
  };
  server.on('upgrade', upgrade);
  return {
    close: async () => {
      server.off('upgrade', upgrade);
      for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Going away');
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

function refusalOf(request: IncomingMessage, { path, isAllowedOrigin }: WebSocketOptions): string | undefined {
  const target = request.url?.split('?')[0];
  if (target !== path) return '404 Not Found';
  const { origin, host } = request.headers;
  return origin !== undefined && !isAllowedOrigin(origin, host) ? '403 Forbidden' : undefined;
}

function shownBy(
  params: Record<string, unknown> | undefined,
  request: IncomingMessage,
  { credentials }: WebSocketOptions,
): Credentials {
  const sent = params?.['authorization'] ?? params?.['Authorization'];
  return credentials.ofSocket(request, sent ?? request.headers.authorization);
}

interface Serving {
  graphql: ReturnType<typeof makeServer<Record<string, unknown>, Connected>>;
  log: Logger;
}

/** Speaks the protocol on one socket, and cuts it when it does not answer pings. What goes wrong inside is logged, not told. */
function serve(socket: WebSocket, request: IncomingMessage, { graphql, log }: Serving): void {
  const connected: Connected = { socket, request, running: new Set(), stopWatching: () => undefined };
  const fail = (err: unknown): void => {
    log.error({ err, requestId: requestIdOf(request) }, 'a WebSocket message could not be handled');
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  };
  const closed = graphql.opened(
    {
      protocol: socket.protocol,
      send: (data) => new Promise((resolve) => socket.send(data, () => resolve())),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => socket.on('message', (data: Buffer) => void handle(data.toString('utf8')).catch(fail)),
    },
    connected,
  );
  const stopPings = pingEvery(socket, PING_MS);
  socket.on('error', (err) => log.debug({ err }, 'a WebSocket broke'));
  socket.once('close', (code, reason) => {
    stopPings();
    connected.stopWatching();
    void closed(code, reason.toString('utf8'));
  });
}

/** Half-open connections are found out by a ping that stays without answer until the next one. */
function pingEvery(socket: WebSocket, ms: number): () => void {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, ms);
  timer.unref();
  return () => clearInterval(timer);
}

/** A document, or in its place the extension `documentId`. */
function documentOf(payload: SubscribePayload, door: OperationDoor): SubscribePayload {
  const id = payload.extensions?.['documentId'];
  return typeof id === 'string' ? { ...payload, query: door.byId(id) ?? '' } : payload;
}

function refusalOfOperation(
  { query, extensions }: SubscribePayload,
  { viewer, door, rate }: { viewer: Viewer; door: OperationDoor; rate: OperationRate },
): GraphQLError | undefined {
  const id = extensions?.['documentId'];
  if (typeof id === 'string' && query !== '') return new GraphQLError('query and documentId exclude each other');
  if (typeof id === 'string' && door.byId(id) === undefined)
    return new GraphQLError(`This server has no document ${quote(id)}`);
  const turn = rate.take(viewer);
  if (turn.ok) return undefined;
  const { retryAfterSeconds } = turn;
  return new GraphQLError(tooMany(turn), { extensions: { code: 'RATE_LIMITED', retryAfterSeconds } });
}

function serverOptions(options: WebSocketOptions): ServerOptions<Record<string, unknown>, Connected> {
  const { door, authenticator, contextOf, watch } = options;
  const signIn = (
    params: Record<string, unknown> | undefined,
    request: IncomingMessage,
  ): Promise<Viewer | undefined> => {
    const origin = { requestId: requestIdOf(request), ip: request.socket.remoteAddress ?? '' };
    return authenticator.authenticate(shownBy(params, request, options), origin);
  };
  return {
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    execute: (args) => door.execute(args),
    subscribe: (args) => door.subscribe(args),
    onConnect: async ({ connectionParams, extra }) => {
      const { socket, request } = extra;
      const viewer = await signIn(connectionParams, request);
      if (viewer === undefined) return false;
      const loss = (): void => socket.close(CloseCode.Forbidden, 'Forbidden');
      extra.stopWatching = watch(shownBy(connectionParams, request, options), viewer, loss);
      return true;
    },
    onSubscribe: async ({ connectionParams, extra }, id, payload) => {
      const { socket, request, running } = extra;
      // Counted before anything is waited for: many that come at once are no way past the limit.
      const isOneTooMany = running.size >= MAX_OPERATIONS;
      running.add(id);
      const viewer = await signIn(connectionParams, request);
      if (viewer === undefined || isOneTooMany) {
        socket.close(CloseCode.Forbidden, 'Forbidden');
        return [];
      }
      const refused = refusalOfOperation(payload, { viewer, door, rate: options.rate });
      if (refused !== undefined) return [refusal(refused, viewer.requestId)];
      const prepared = door.prepare(documentOf(payload, door), contextOf(viewer));
      return prepared.ok ? prepared.args : prepared.errors;
    },
    onComplete: ({ extra }, id) => void extra.running.delete(id),
    onError: ({ extra }, id) => void extra.running.delete(id),
  };
}
