import type { AgentMessageOf } from '@isthmus/protocol';
import { lineKey, parseStatementText } from '@isthmus/protocol';
import type { Clock, Logger } from '@isthmus/platform';
import type {
  ConnectOutcome,
  HeadRecord,
  InventoryNamespaceRecord,
  Store,
  TargetRecord,
  TenantTx,
} from '@isthmus/store';
import type { InventoryNamespace } from '@isthmus/domain';
import { InventoryIntake } from '../intake/inventory-intake.js';
import type { IntakeBreakers } from '../intake/intake-breakers.js';
import type { StoredInventory } from '../intake/inventory-intake.js';
import type { StoredFacts } from '../intake/store-update.js';
import type { GatewayMetrics } from '../gateway-metrics.js';
import type { FrameSource } from '../push/frame-source.js';
import type { Wanted } from '../push/line-sync.js';
import type { Renewal } from '../renewal.js';
import { AgentSession, speaks } from './agent-session.js';
import type { ReportWriter } from './report-writer.js';
import { Reports } from './reports.js';
import type { TakeOvers } from './take-overs.js';
import type { Wire } from './wire.js';

export interface OpenDeps {
  store: Store;
  frames: FrameSource;
  renewal: Renewal;
  clock: Clock;
  log: Logger;
  gatewayId: string;
  takeOvers: TakeOvers;
  metrics: GatewayMetrics;
  /** The breaker of each cluster's inventory. */
  breakers: IntakeBreakers;
  reportWriter: ReportWriter;
}

export interface Newcomer {
  org: string;
  cluster: { uid: string; name: string };
  address: string;
  wire: Wire;
  hello: AgentMessageOf<'hello'>;
}

export type OpenOutcome =
  | { ok: true; session: AgentSession }
  | { ok: false; reason: 'protocol' | 'revoked' | 'cloned' | 'superseded'; detail: string };

/** Makes the newcomer the cluster's newest session and starts to push; older streams are fenced by the number that it gets. */
export async function openSession(deps: OpenDeps, newcomer: Newcomer): Promise<OpenOutcome> {
  const { org, cluster, hello } = newcomer;
  if (!speaks(hello.protocol))
    return {
      ok: false,
      reason: 'protocol',
      detail: `protocol ${String(hello.protocol)} is too old; upgrade the agent`,
    };
  const doubled = deps.takeOvers.note(cluster.uid, hello.bootId);
  const opened = await deps.store.withTenant(org, async (tx) => {
    if (doubled) await tx.sessions.quarantine(cluster.uid, 'DuplicateIdentity: two agents use this identity in turns');
    const connected = await tx.sessions.connect(helloRow(deps, newcomer));
    return { connected, start: connected.outcome === 'connected' ? await readStart(tx, cluster.uid) : undefined };
  });
  if (opened.connected.outcome !== 'connected' || opened.start === undefined) return refusalOf(opened.connected);
  const { stored, wanted, reports } = opened.start;
  const session = new AgentSession({
    ...deps,
    ...newcomer,
    session: opened.connected.session,
    epoch: await deps.store.system.epoch(),
    intake: new InventoryIntake(stored, deps.breakers.of(cluster.uid), hello.bootId),
    reports,
  });
  session.welcome(hello, wanted);
  return { ok: true, session };
}

function helloRow(
  { gatewayId }: OpenDeps,
  { cluster, hello, address }: Newcomer,
): Parameters<TenantTx['sessions']['connect']>[0] {
  return { cluster: cluster.uid, gatewayId, clusterUid: hello.clusterUid, agentVersion: hello.agentVersion, address };
}

function refusalOf(connected: ConnectOutcome): OpenOutcome {
  switch (connected.outcome) {
    case 'revoked':
      return { ok: false, reason: 'revoked', detail: 'the cluster is revoked' };
    case 'quarantined':
      return { ok: false, reason: 'cloned', detail: connected.reason };
    case 'other-cluster':
      return {
        ok: false,
        reason: 'cloned',
        detail: `this identity is bound to cluster UID ${connected.boundTo}; reset it if the cluster was rebuilt`,
      };
    case 'connected':
      return { ok: false, reason: 'superseded', detail: 'nothing to start from' };
  }
}

interface Start {
  stored: StoredInventory;
  wanted: Wanted[];
  reports: Reports;
}

async function readStart(tx: TenantTx, cluster: string): Promise<Start> {
  const head = await tx.inventory.head(cluster);
  const rows = await tx.inventory.namespaces([cluster]);
  const targets = await tx.targets.ofCluster(cluster);
  const heads = await tx.heads.list(targets.map(({ gns }) => gns));
  const applied = await tx.targets.applied({ cluster });
  return {
    stored: storedInventory(head?.facts, rows),
    wanted: wantedLines(targets, heads),
    reports: new Reports(applied),
  };
}

/** Lines of open targets: their policies, and the catalogs of the same global namespaces. */
export function wantedLines(targets: readonly TargetRecord[], heads: readonly HeadRecord[]): Wanted[] {
  const open = targets.filter(({ state }) => state !== 'CLOSED');
  const followed = new Set(open.map(({ gns }) => gns));
  const signed = [
    ...open.map(({ statement, signature }) => ({ text: statement, signature })),
    ...heads
      .filter(({ gns }) => followed.has(gns))
      .map(({ catalogStatement, catalogSignature }) => ({
        text: catalogStatement ?? '',
        signature: catalogSignature ?? '',
      })),
  ];
  const wanted = new Map<string, Wanted>();
  for (const { text, signature } of signed) {
    const statement = parseStatementText(text);
    if (statement) wanted.set(lineKey(statement), { statement, signature });
  }
  return [...wanted.values()];
}

function storedInventory(facts: unknown, rows: readonly InventoryNamespaceRecord[]): StoredInventory {
  const known = (facts ?? {}) as Partial<StoredFacts>;
  return {
    facts: { mesh: known.mesh ?? {}, gateways: known.gateways ?? [] },
    issues: known.issues ?? [],
    namespaces: new Map(rows.map(({ namespace, body }) => [namespace, JSON.parse(body) as InventoryNamespace])),
  };
}
