import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pause, proxyFor, systemClock } from '@isthmus/platform';
import type { Clock, Logger } from '@isthmus/platform';
import { createBreaker } from '../apply/breaker.js';
import { createPruneGate } from '../apply/prune-gate.js';
import type { ClusterPort } from '../cluster/cluster-port.js';
import type { AgentEnv } from '../env.js';
import { enrol } from '../identity/enrol.js';
import type { EnrolOptions, EnrolResult } from '../identity/enrol.js';
import { createCertificateRequest } from '../identity/certificate-request.js';
import { newToken } from '../identity/new-token.js';
import { renewalDoor } from '../identity/renewal-door.js';
import type { Identity, IdentityStore } from '../identity/identity.js';
import { systemResolver } from '../observe/system-resolver.js';
import { incrementalRender } from '../render/incremental-render.js';
import { runAgent } from '../run-agent.js';
import { prometheusStore } from '../observe/signals/prometheus-store.js';
import type { SignalSource } from '../observe/signals/signal-meter.js';
import type { AgentSettings } from '../settings.js';
import { fileStateStore } from '../sync/file-state-store.js';
import { memoryStateStore } from '../sync/state-store.js';
import { openTarget } from './open-target.js';
import { readToken } from './token-file.js';
import { explainDial } from '../transport/explain-dial.js';
import { wsTransport } from '../transport/ws-transport.js';
import { AGENT_VERSION } from '../version.js';

export interface CommandContext {
  settings: AgentSettings;
  env: AgentEnv;
  log: Logger;
  signal: AbortSignal;
  /** Tests let time pass with it; the Lease always goes by true time. */
  clock?: Clock;
}

/** Enrols if there is no identity yet, then runs until the signal. Returns the exit code. */
export async function run(context: CommandContext): Promise<number> {
  const { settings, env, log, clock = systemClock } = context;
  const lost = new AbortController();
  const signal = AbortSignal.any([context.signal, lost.signal]);
  const { cluster, identities } = await openTarget(settings, {
    signal,
    lost: () => lost.abort(),
    warn: (message) => log.warn(message),
  });
  if (settings.clusterPort === 'kubernetes' && !(await holds(cluster, log))) return 1;
  const identity = (await identities.load()) ?? (await firstIdentity({ ...context, signal }, cluster, identities));
  if (identity === undefined) return 1;
  const proxy = proxyFor(settings.gateway, { httpsProxy: env.HTTPS_PROXY, noProxy: env.NO_PROXY });
  await runAgent({
    identity,
    identities,
    cluster,
    state: settings.state === '' ? memoryStateStore() : fileStateStore(join(settings.state, 'bundle'), log),
    render: incrementalRender(),
    gate: createPruneGate(createBreaker(clock)),
    clock,
    log,
    bootId: randomUUID(),
    version: AGENT_VERSION,
    agentNamespace: settings.agentNamespace,
    optedIn: settings.optedIn,
    signals: signalSource(settings),
    transport: (credentials) =>
      wsTransport({ gateway: settings.gateway, proxy, credentials: () => Promise.resolve(credentials()) }),
    random: Math.random,
    resolve: systemResolver(),
    door: renewalDoor({ gateway: settings.gateway, proxy }),
    anew: newToken({ ...settings, proxy, clusterUid: () => cluster.uid(), log }),
    settleMs: env.ISTHMUS_SETTLE_SECONDS * 1000,
    lingerMs: env.ISTHMUS_LINGER_SECONDS * 1000,
    leadMs: env.ISTHMUS_LEAD_SECONDS * 1000,
    signal,
  });
  const wasLost = lost.signal.aborted && !context.signal.aborted;
  if (wasLost)
    log.error({ code: 'ISM0446' }, 'the Lease is lost, so another agent may act in this cluster; this one ends');
  return wasLost ? 1 : 0;
}

function signalSource({ prometheus }: AgentSettings): SignalSource | undefined {
  return prometheus && { store: prometheusStore(prometheus), simulated: prometheus.simulated };
}

/** In a real cluster only the acting agent may use the token and write the identity; others wait here for their turn. */
async function holds(cluster: ClusterPort, log: Logger): Promise<boolean> {
  log.info('waiting to be the acting agent of this cluster');
  const hold = await cluster.hold?.();
  return hold === undefined || hold.outcome === 'held';
}

const RETRY_MS = 3000;

/** Tries until the gateway answers; a refusal of the token ends it. */
async function firstIdentity(
  { settings, env, log, signal }: CommandContext,
  cluster: ClusterPort,
  identities: IdentityStore,
): Promise<Identity | undefined> {
  if (settings.tokenFile === undefined || settings.caFile === undefined) {
    log.error('this agent has no identity yet: give --token-file and --ca');
    return undefined;
  }
  const mayComeLater = settings.clusterPort === 'kubernetes';
  const token = await readToken(settings.tokenFile, { mayComeLater, signal, log });
  if (token === undefined) return undefined;
  const options = {
    gateway: settings.gateway,
    ca: await readFile(settings.caFile, 'utf8'),
    token,
    clusterUid: await cluster.uid(),
    agentVersion: AGENT_VERSION,
    proxy: proxyFor(settings.gateway, { httpsProxy: env.HTTPS_PROXY, noProxy: env.NO_PROXY }),
  };
  return enrolWith({ options, identities, signal, log });
}

interface Enrolling {
  options: EnrolOptions;
  identities: IdentityStore;
  signal: AbortSignal;
  log: Logger;
}

async function enrolWith({ options, identities, signal, log }: Enrolling): Promise<Identity | undefined> {
  const pending = (await identities.loadPending?.()) ?? (await createCertificateRequest());
  await identities.savePending?.(pending);
  while (!signal.aborted) {
    const result: EnrolResult = await enrol({ ...options, pending }).catch(async (error: unknown) => ({
      ok: false as const,
      fatal: false,
      code: 'ISM0400',
      message: await explainDial(error, options),
    }));
    if (result.ok) {
      await identities.save(result.identity);
      return result.identity;
    }
    log.error({ code: result.code }, `not enrolled: ${result.message}`);
    if (result.fatal) return undefined;
    await pause(result.retryAfterMs ?? RETRY_MS, signal);
  }
  return undefined;
}
