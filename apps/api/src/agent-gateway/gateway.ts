import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { constants } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Logger } from '@isthmus/platform';
import { MAX_FRAME_BYTES } from '@isthmus/protocol';
import { WebSocketServer } from 'ws';
import { createAddressLimit } from './address-limit.js';
import type { AddressLimit } from './address-limit.js';
import { admit } from './admission.js';
import { endBroken } from './client-errors.js';
import { edgeAt } from './edges.js';
import { enrolOverHttp } from './enrol-http.js';
import { createGatewayMetrics } from './gateway-metrics.js';
import { createIntakeBreakers } from './intake/intake-breakers.js';
import { DEFAULT_TIMINGS } from './options.js';
import type { AgentGatewayOptions, GatewayTimings } from './options.js';
import { openCertificateAuthority } from './pki/certificate-authority.js';
import type { CertificateAuthority } from './pki/certificate-authority.js';
import { startUpkeep } from './upkeep.js';
import { createFrameSource } from './push/frame-source.js';
import { Hub } from './push/hub.js';
import { watchHandshakes } from './refusals/handshakes.js';
import { RefusalBook } from './refusals/refusal-book.js';
import { createRenewal } from './renewal.js';
import { acceptSocket } from './session/accept-socket.js';
import { ReportWriter } from './session/report-writer.js';

/** A running gateway. */
export interface AgentGateway {
  readonly port: number;
  /** CAs that agents must be given to trust this gateway (PEM), as they are now. */
  readonly caPem: string;
  /** Agents connected here. */
  connections(): number;
  close(): Promise<void>;
}

/** The one door that agents use: enrolment and streams, on a TLS port of its own. */
export async function createAgentGateway(options: AgentGatewayOptions): Promise<AgentGateway> {
  const { store, log, clock, gatewayId } = options;
  const timings: GatewayTimings = { ...DEFAULT_TIMINGS, ...options.timings };
  const authority = await openCertificateAuthority(options.keys, clock);
  const server = await createTlsServer(authority, options.serverNames);
  const hub = new Hub(store, log);
  const metrics = createGatewayMetrics(options.metrics, () => hub.all().length);
  const refusals = new RefusalBook(store, log, metrics.refusals);
  const open = {
    store,
    log,
    clock,
    gatewayId,
    frames: createFrameSource(store),
    renewal: createRenewal(store, authority),
    refusals,
    breakers: createIntakeBreakers(clock),
    reportWriter: new ReportWriter(store),
    metrics,
  };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => 'isthmus.agent.v1',
  });
  const { statementKeys } = options;
  const limit = createAddressLimit(clock);
  const doors = { store, log, clock, authority, statementKeys, metrics, limit, refusals };
  watchHandshakes(server, refusals);
  endBroken(server);
  server.on('request', (request, response) => void answer(doors, { request, response }));
  onUpgrade(
    server,
    { sockets, admission: { store, clock, authority }, log, refusals, streams: createAddressLimit(clock) },
    (accepted) => acceptSocket({ ...accepted, open, hub, timings }),
  );
  await listen(server, options);
  const renewals = serverRenewals(server, { authority, names: options.serverNames, hub, log });
  const stopUpkeep = startUpkeep({ store, hub, log, timings, gatewayId, ...renewals });
  const { port } = server.address() as AddressInfo;
  log.info({ port }, 'agent gateway listens');
  return {
    port,
    get caPem() {
      return authority.caPem;
    },
    connections: () => hub.all().length,
    close: async () => {
      await stopUpkeep();
      for (const session of hub.all()) session.end('shutdown', 'this gateway stops');
      await closeServer(server, sockets);
      await hub.stop();
      await refusals.close();
    },
  };
}

async function createTlsServer(authority: CertificateAuthority, names: readonly string[]): Promise<Server> {
  const { key, certificate } = await authority.issueServer(names);
  return createServer({
    key,
    cert: certificate,
    ca: authority.caPem,
    requestCert: true,
    // Enrolment comes without a certificate; streams are refused in `admit`.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    // Every connection proves its identity anew: a resumed one could outlive a revocation.
    secureOptions: constants.SSL_OP_NO_TICKET,
    sessionTimeout: 1,
    handshakeTimeout: 10_000,
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    maxHeaderSize: 8192,
  });
}

/** The gateway's own certificate before it runs out, and when the authorities are others. */
function serverRenewals(
  server: Server,
  { authority, names, hub, log }: { authority: CertificateAuthority; names: readonly string[]; hub: Hub; log: Logger },
): { renewServer: () => Promise<void>; reloadAuthorities: () => Promise<void> } {
  const renewServer = async (): Promise<void> => {
    const { key, certificate } = await authority.issueServer(names);
    server.setSecureContext({ key, cert: certificate, ca: authority.caPem });
  };
  const reloadAuthorities = async (): Promise<void> => {
    if (!(await authority.reload())) return;
    const authorities = authority.trusted.map(({ number }) => number);
    log.info({ authorities }, 'other authorities vouch for agents now');
    endRetired(hub, authority);
    await renewServer();
  };
  return { renewServer, reloadAuthorities };
}

/** Who lives by an authority that is retired has no identity any more. */
function endRetired(hub: Hub, { trusted }: CertificateAuthority): void {
  const live = new Set(trusted.map(({ number }) => number));
  for (const session of hub.all())
    if (!live.has(session.authority))
      session.end('revoked', `authority ${String(session.authority)}, which vouched for this agent, is retired`);
}

async function answer(
  doors: Parameters<typeof enrolOverHttp>[0],
  exchange: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  try {
    await enrolOverHttp(doors, exchange);
  } catch (error) {
    doors.log.error({ err: error }, 'enrolment failed');
    exchange.response.writeHead(500, { 'content-type': 'application/json' });
    exchange.response.end('{"code":"ISM0500","message":"the gateway could not answer; try again"}');
  }
}

interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

interface UpgradeDeps {
  sockets: WebSocketServer;
  admission: Parameters<typeof admit>[0];
  log: AgentGatewayOptions['log'];
  refusals: RefusalBook;
  /** Of each cluster: one that comes again and again must not use up the gateway for others. */
  streams: AddressLimit;
}

type Accepted = Parameters<typeof acceptSocket>[0];

type Newcomer = Pick<Accepted, 'socket' | 'identity' | 'address'>;

function onUpgrade(server: Server, deps: UpgradeDeps, accept: (newcomer: Newcomer) => void): void {
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    void upgrade({ request, socket, head }, deps).then((newcomer) => {
      if (newcomer) accept(newcomer);
    });
  });
}

async function upgrade({ request, socket, head }: Upgrade, deps: UpgradeDeps): Promise<Newcomer | undefined> {
  const admitted = await checkPeer(request, socket, deps);
  if (admitted === undefined) return undefined;
  const address = request.socket.remoteAddress ?? '';
  return new Promise((resolve) => {
    deps.sockets.handleUpgrade(request, socket, head, (ws) => resolve({ socket: ws, identity: admitted, address }));
  });
}

async function checkPeer(
  request: IncomingMessage,
  socket: Duplex,
  { admission, log, refusals, streams }: UpgradeDeps,
): Promise<Accepted['identity'] | undefined> {
  if (edgeAt(request.url, 'UPGRADE') === undefined) return refuse(socket, 404, 'not found');
  if (!(socket instanceof TLSSocket)) return refuse(socket, 400, 'TLS is needed');
  try {
    const admitted = await admit(admission, socket);
    if (admitted.ok) {
      const turn = streams.take(admitted.cluster.uid);
      return turn.ok
        ? admitted
        : refuse(socket, 429, TOO_MANY_STREAMS, `retry-after: ${String(turn.retryAfterSeconds)}\r\n`);
    }
    const { code, reason, about } = admitted;
    refusals.note({ door: 'stream', code, message: reason, address: request.socket.remoteAddress ?? '', about });
    return refuse(socket, admitted.status, `${admitted.code}: ${admitted.reason}`);
  } catch (error) {
    log.error({ err: error }, 'could not check a certificate');
    return refuse(socket, 503, 'try again');
  }
}

const TOO_MANY_STREAMS = 'ISM0572: this cluster opens too many streams';

/** A peer that goes on sending, or does not close, is cut after this time. */
const REFUSED_MS = 1000;

function refuse(socket: Duplex, ...[status, reason, headers = '']: [number, string, string?]): undefined {
  const body = reason.replace(/[^\x20-\x7e]/g, '?');
  socket.end(
    `HTTP/1.1 ${String(status)} Refused\r\ncontent-type: text/plain\r\n${headers}content-length: ${String(body.length)}\r\nconnection: close\r\n\r\n${body}`,
  );
  // Nobody reads it any more: what is still sent would keep it open for good.
  socket.resume();
  setTimeout(() => socket.destroy(), REFUSED_MS).unref();
  return undefined;
}

function listen(server: Server, at: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server, sockets: WebSocketServer): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
    }, 500);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
  });
}
