import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import express, { type ErrorRequestHandler, type Express, type Response } from 'express';
import helmet from 'helmet';
import type { HealthOptions } from '@isthmus/platform';
import { deviceRoutes } from '../auth/device/device-routes.js';
import { loopbackRoutes } from '../auth/loopback/loopback-routes.js';
import { signInRoutes, refusedSignIn } from '../auth/sign-in-routes.js';
import { startUpkeep } from '../auth/upkeep.js';
import { ApiModule, type ApiParts } from '../core/api.module.js';
import { OperationDoor } from '../graphql/door.js';
import { DEFAULT_LIMITS, type OperationLimits } from '../graphql/limits.js';
import { ANY_DOCUMENT, type PersistedDocuments } from '../graphql/persisted-documents.js';
import { buildSchema } from '../graphql/schema.js';
import type { Viewer } from '../auth/viewer.js';
import { MANIFEST_PATH } from '../modules/manifests/manifests.service.js';
import { Services } from '../services.js';
import { refuse } from './answers.js';
import { requireCaller } from './authenticate.js';
import { contextOf } from './context-factory.js';
import { cors, isAllowedOrigin } from './cors.js';
import { graphiql } from './graphiql.js';
import { faultAnswer } from './fault-answer.js';
import { graphqlOverHttp } from './graphql-over-http.js';
import { graphqlOverSse } from './graphql-over-sse.js';
import { graphqlOverWebSocket } from './graphql-over-websocket.js';
import { health } from './health.js';
import { manifestEdge } from './manifest-edge.js';
import { DEFAULT_RATE_LIMITS, operationRate, type RateLimits, windowOf, withinRate } from './rate-limit.js';
import { readableRequests } from './refusal.js';
import { echoRequestId, requestIdOf } from './request-id.js';
import { SharedRates } from './shared-rates.js';
import { openSignIn, type SignInOptions } from './sign-in-doors.js';
import { tokenWatch } from './token-watch.js';
import { CONSOLE_PATH, webConsole } from './web-console.js';

export interface ApiServerOptions extends ApiParts {
  host: string;
  /** 0 takes a free one. */
  port: number;
  health: HealthOptions & { metricsToken?: string };
  /** Origins whose pages may call. */
  corsOrigins?: readonly string[];
  bodyLimitBytes?: number;
  timeoutMs?: number;
  limits?: OperationLimits;
  rateLimits?: RateLimits;
  /** Documents that may be named by hash, and whether others may run. */
  documents?: PersistedDocuments;
  /** How often credentials of open streams are looked at again. */
  recheckMs?: number;
  /** How people sign in; by default nobody does, and tokens alone count. */
  signIn?: SignInOptions;
}

export interface ApiServer {
  port: number;
  close: () => Promise<void>;
}

const GRAPHQL_PATH = '/graphql';
const SSE_PATH = '/graphql/stream';
const HTTP_TYPES = ['application/json', 'application/graphql-response+json'];
const SSE_TYPES = ['text/event-stream'];
const DEFAULT_BODY_BYTES = 10 * 1024 * 1024;
const MAX_TOKENS = 20_000;

/** Starts the API: GraphQL over HTTP, WebSocket and server-sent events, GraphiQL and health, all on one port. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const web = express();
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.with(options), new ExpressAdapter(web), {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  const server: Server = app.getHttpServer();
  const doors = openDoors(options, app.get(Services));
  mount(web, options, doors); // before Nest puts its own answer to unknown paths behind it
  await app.init();
  limitTimes(server, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const sockets = graphqlOverWebSocket(server, { ...doors, path: GRAPHQL_PATH, log: options.log });
  await app.listen(options.port, options.host);
  const upkeep = startUpkeep(doors.signIn);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      await sockets.close();
      await upkeep.close();
      await doors.rates.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
      await app.close();
    },
  };
}

const DEFAULT_TIMEOUT_MS = 60_000;
const GRACE_MS = 2_000;

function openDoors(options: ApiServerOptions, services: Services) {
  const { store, clock, log, corsOrigins = [] } = options;
  const signInDoors = openSignIn(options);
  const rateLimits = options.rateLimits ?? DEFAULT_RATE_LIMITS;
  const rates = new SharedRates({ store, clock, log, windowMs: windowOf(rateLimits) });
  const door = new OperationDoor({
    schema: buildSchema(),
    limits: options.limits ?? DEFAULT_LIMITS,
    maxTokens: MAX_TOKENS,
    documents: options.documents ?? ANY_DOCUMENT,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    log,
  });
  return {
    door,
    ...signInDoors,
    rates,
    rate: operationRate(rateLimits, (count) => rates.take(count)),
    contextOf: (viewer: Viewer) => contextOf({ store, services, clock }, viewer),
    manifests: services.manifests,
    watch: tokenWatch(signInDoors.authenticator, options.recheckMs),
    isAllowedOrigin: (origin: string, host: string | undefined) => isAllowedOrigin(corsOrigins, origin, host),
  };
}

function mount(web: Express, options: ApiServerOptions, doors: ReturnType<typeof openDoors>): void {
  const { corsOrigins = [], bodyLimitBytes = DEFAULT_BODY_BYTES, log } = options;
  const readBody = express.text({ type: () => true, limit: bodyLimitBytes });
  const caller = [requireCaller(doors.authenticator, doors.credentials), withinRate(doors.rate)];
  const readable = (types: readonly string[]) => readableRequests(types, (id) => doors.door.byId(id));
  web.disable('x-powered-by');
  web.use(echoRequestId);
  web.use(helmet());
  web.use(health(options.health));
  web.use('/graphiql', graphiql());
  web.use(cors(corsOrigins));
  web.all(SSE_PATH, caller, readBody, readable(SSE_TYPES), graphqlOverSse(doors.door, doors));
  web.all(GRAPHQL_PATH, caller, readBody, readable(HTTP_TYPES), graphqlOverHttp(doors.door, doors.contextOf));
  web.use('/auth', signInRoutes(doors), deviceRoutes(doors), loopbackRoutes(doors, options.host), refusedSignIn(doors));
  web.use(MANIFEST_PATH, manifestEdge(doors.manifests, options.clock));
  web.use(CONSOLE_PATH, webConsole());
  web.get('/', (_request, response) => response.redirect(`${CONSOLE_PATH}/`));
  web.use((request, response) => refuseUnknown(response, requestIdOf(request)));
  web.use(onFault(log));
}

function refuseUnknown(response: Response, requestId: string): void {
  refuse(response, 404, { code: 'NOT_FOUND', message: 'Nothing is served here', requestId });
}

function onFault(log: ApiServerOptions['log']): ErrorRequestHandler {
  // eslint-disable-next-line max-params -- Express knows an error handler by its four parameters
  return (error: { status?: number; type?: string }, request, response, _next) => {
    const requestId = requestIdOf(request);
    if (response.headersSent) return void response.destroy();
    if (error.type === 'entity.too.large') {
      return refuse(response, 413, {
        code: 'PAYLOAD_TOO_LARGE',
        message: 'The request is larger than the server takes',
        requestId,
      });
    }
    if (error.status === 403 || error.status === 404) return refuseUnknown(response, requestId); // of static files
    if (error.status !== undefined && error.status >= 400 && error.status < 500) {
      return refuse(response, error.status, { code: 'BAD_REQUEST', message: 'The request cannot be read', requestId });
    }
    log.error({ err: error, requestId }, 'a request failed');
    const { status, retryAfter, body } = faultAnswer(error, requestId);
    if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
    refuse(response, status, body);
  };
}

/** Slow senders do not hold a connection for ever. */
function limitTimes(server: Server, timeoutMs: number): void {
  server.headersTimeout = 15_000;
  server.requestTimeout = timeoutMs + 15_000;
  server.keepAliveTimeout = 20_000;
}
