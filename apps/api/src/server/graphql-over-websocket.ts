import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '@isthmus/platform';
import type { Authenticator } from '../auth/authenticator.js';
import type { Viewer } from '../auth/viewer.js';
import type { Context } from '../graphql/context.js';
import type { OperationDoor } from '../graphql/door.js';
import { requestIdOf } from './request-id.js';

const MAX_MESSAGE_BYTES = 1024 * 1024;
const INIT_TIMEOUT_MS = 5_000;
const MAX_SUBSCRIPTIONS = 100;

export interface WebSocketOptions {
  path: string;
  door: OperationDoor;
  authenticator: Authenticator;
  contextOf: (viewer: Viewer) => Context;
  /** Calls back once the token stops being valid; answers how to stop watching. */
  watch: (authorization: unknown, onLoss: () => void) => () => void;
  /** Origins that browsers may come from, beside none at all. */
  isAllowedOrigin: (origin: string, host: string | undefined) => boolean;
  log: Logger;
}

interface Connected extends Record<PropertyKey, unknown> {
  stopWatching?: () => void;
}

/** GraphQL over WebSocket (graphql-transport-ws) on the server's own port. Signing in happens with the first message. */
export function graphqlOverWebSocket(server: Server, options: WebSocketOptions): { close: () => Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });
  const graphql = useServer<Record<string, unknown>, Connected>(serverOptions(options), sockets);
  sockets.on('connection', (socket) => socket.on('error', () => socket.terminate()));
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
      await graphql.dispose();
    },
  };
}

function refusalOf(request: IncomingMessage, { path, isAllowedOrigin }: WebSocketOptions): string | undefined {
  const target = request.url?.split('?')[0];
  if (target !== path) return '404 Not Found';
  const { origin, host } = request.headers;
  return origin !== undefined && !isAllowedOrigin(origin, host) ? '403 Forbidden' : undefined;
}

function authorizationOf(params: Record<string, unknown> | undefined, request: IncomingMessage): unknown {
  const sent = params?.['authorization'] ?? params?.['Authorization'];
  return sent ?? request.headers.authorization;
}

function serverOptions(options: WebSocketOptions): Parameters<typeof useServer<Record<string, unknown>, Connected>>[0] {
  const { door, authenticator, contextOf, watch } = options;
  const open = new WeakMap<object, Set<string>>();
  const signIn = (
    params: Record<string, unknown> | undefined,
    request: IncomingMessage,
  ): Promise<Viewer | undefined> => {
    const origin = { requestId: requestIdOf(request), ip: request.socket.remoteAddress ?? '' };
    return authenticator.authenticate(authorizationOf(params, request), origin);
  };
  return {
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    execute: (args) => door.execute(args),
    subscribe: (args) => door.subscribe(args),
    onConnect: async ({ connectionParams, extra }) => {
      const { socket, request } = extra as Extra;
      if ((await signIn(connectionParams, request)) === undefined) return false;
      const loss = (): void => socket.close(CloseCode.Forbidden, 'Forbidden');
      extra.stopWatching = watch(authorizationOf(connectionParams, request), loss);
      open.set(socket, new Set());
      return true;
    },
    onClose: ({ extra }) => extra.stopWatching?.(),
    onSubscribe: async ({ connectionParams, extra }, id, payload) => {
      const { socket, request } = extra as Extra;
      const viewer = await signIn(connectionParams, request);
      const ids = open.get(socket);
      if (viewer === undefined || ids === undefined || ids.size >= MAX_SUBSCRIPTIONS) {
        socket.close(CloseCode.Forbidden, 'Forbidden');
        return [];
      }
      const prepared = door.prepare(payload, contextOf(viewer));
      if (!prepared.ok) return prepared.errors;
      ids.add(id);
      return prepared.args;
    },
    onComplete: ({ extra }, id) => void open.get((extra as Extra).socket)?.delete(id),
    onError: ({ extra }, id) => void open.get((extra as Extra).socket)?.delete(id),
  };
}
