import type { AgentMessageOf, HeldLine } from '@isthmus/protocol';
import { lineKey, parseStatementText } from '@isthmus/protocol';
import type { Clock, Logger } from '@isthmus/platform';
import type {
  ConnectOutcome,
  HeadRecord,
  InventoryNamespaceRecord,
  LineStopRecord,
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
import type { RefusalBook } from '../refusals/refusal-book.js';
import type { Renewal } from '../renewal.js';
import { AgentSession, speaks } from './agent-session.js';
import { heldLines } from './held-lines.js';
import type { ReportWriter } from './report-writer.js';
import { Reports } from './reports.js';
import type { Wire } from './wire.js';

export interface OpenDeps {
  store: Store;
  frames: FrameSource;
  renewal: Renewal;
  clock: Clock;
  log: Logger;
  gatewayId: string;
  refusals: RefusalBook;
  metrics: GatewayMetrics;
  /** The breaker of each cluster's inventory. */
  breakers: IntakeBreakers;
  reportWriter: ReportWriter;
}

export interface Newcomer {
  org: string;
  cluster: { uid: string; name: string };
  /** Number of the authority that vouches for it. */
  authority: number;
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
    return noted(deps, newcomer, {
      ok: false,
      reason: 'protocol',
      detail: `protocol ${String(hello.protocol)} is too old; upgrade the agent`,
    });
  const opened = await deps.store.withTenant(org, async (tx) => {
    const connected = await tx.sessions.connect(helloRow(deps, newcomer));
    if (connected.outcome !== 'connected') return { connected, start: undefined };
    await tx.lives.heard(cluster.uid);
    return { connected, start: await readStart(tx, cluster.uid, hello.lines) };
  });
  if (opened.connected.outcome !== 'connected' || opened.start === undefined)
    return noted(deps, newcomer, refusalOf(opened.connected));
  const { stored, wanted, reports, stops, held } = opened.start;
  const session = new AgentSession({
    ...deps,
    ...newcomer,
    session: opened.connected.session,
    epoch: await deps.store.system.epoch(),
    intake: new InventoryIntake(stored, deps.breakers.of(cluster.uid), hello.bootId),
    reports,
    stops,
  });
  session.welcome({ ...hello, lines: held }, wanted);
  return { ok: true, session };
}

function helloRow(
  { gatewayId, clock }: OpenDeps,
  { cluster, hello, address }: Newcomer,
): Parameters<TenantTx['sessions']['connect']>[0] {
  const { clusterUid, agentVersion, bootId, now, protocol } = hello;
  const ahead = now === undefined ? Number.NaN : Date.parse(now) - clock.now().getTime();
  const skew = Number.isFinite(ahead) ? { clockSkewMs: Math.round(ahead) } : {};
  return { cluster: cluster.uid, gatewayId, clusterUid, agentVersion, address, bootId, protocol, ...skew };
}

const REFUSAL_CODES = { protocol: 'ISM0437', revoked: 'ISM0406', cloned: 'ISM0407', superseded: 'ISM0407' } as const;

/** Writes down who had a good certificate and got no stream all the same. */
function noted({ refusals }: OpenDeps, { org, cluster, address, hello }: Newcomer, outcome: OpenOutcome): OpenOutcome {
  if (outcome.ok) return outcome;
  const about = { org, cluster: cluster.uid };
  const isOther = outcome.reason === 'cloned' && outcome.detail.includes(OTHER_UID);
  const code = isOther ? 'ISM0544' : REFUSAL_CODES[outcome.reason];
  const message = isOther ? `${outcome.detail}; the one that came has ${hello.clusterUid}` : outcome.detail;
  refusals.note({ door: 'stream', code, message, address, about });
  return outcome;
}

const OTHER_UID = 'this identity is bound to cluster UID';

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
        detail: `${OTHER_UID} ${connected.boundTo}; onboard the cluster again if it was rebuilt`,
      };
    case 'connected':
      return { ok: false, reason: 'superseded', detail: 'nothing to start from' };
  }
}

interface Start {
  stored: StoredInventory;
  wanted: Wanted[];
  reports: Reports;
  stops: LineStopRecord[];
  held: HeldLine[];
}

async function readStart(tx: TenantTx, cluster: string, lines: readonly HeldLine[]): Promise<Start> {
  const head = await tx.inventory.head(cluster);
  const rows = await tx.inventory.namespaces([cluster]);
  const targets = await tx.targets.ofCluster(cluster);
  const heads = await tx.heads.list(targets.map(({ gns }) => gns));
  const applied = await tx.targets.applied({ cluster });
  return {
    stored: storedInventory(head?.facts, rows),
    wanted: wantedLines(targets, heads),
    reports: new Reports(applied),
    stops: await tx.lineStops.list([cluster]),
    held: await heldLines(tx, cluster, { lines, targets, heads }),
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
