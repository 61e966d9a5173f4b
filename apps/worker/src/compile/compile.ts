import { isDeepStrictEqual } from 'node:util';
import {
  CURRENT_COMPILER,
  DEFAULT_PROJECT,
  compilePolicy,
  decidedLosses,
  policyLosses,
  sortIssues,
  type DecidedChange,
  type Issue,
  type Tree,
} from '@isthmus/domain';
import type { AuditInfo, Store } from '@isthmus/store';
import type { Signer } from '../signer/signer.js';
import { draftCatalog, newcomers, type CatalogDraft, type Surroundings } from './catalog-draft.js';
import { claimsOn } from './claims.js';
import { Memories, keepTrees, treeOf, type GnsMemory } from './gns-memory.js';
import { InventoryCache } from './inventory-cache.js';
import { isLintDue, judge, knownLint } from './lint.js';
import { forgetIfLeft, publish, type Draft, type PolicyDraft, type Published } from './publish.js';
import { readSnapshot, type GnsKey, type Snapshot, type SnapshotMemory } from './snapshot.js';
import { SupersededError } from './superseded.js';

/** What to compile: specs and inventory, or the inventory under the specs that are in force. */
export type CompileScope = 'ALL' | 'CATALOG';

/** What a compile did. GONE: the global namespace was deleted, and no cluster holds it any more. */
export type CompileResult = ({ outcome: 'PUBLISHED' } & Omit<Published, 'settled'>) | { outcome: 'GONE' };

/** As audit rows name what publications decide. */
const AUDIT: AuditInfo = { actor: 'system:worker', action: 'removeMembers' };
const MAX_ATTEMPTS = 5;
/** How long a change of routes waits for the owners of what it names anew, unless the worker is told otherwise. */
export const OWNER_WAIT_MS = 30_000;
/** Up to that many new addresses are tried first: they rarely meet others. */
const FEW_VIPS = 16;

interface CatalogContext {
  previous: Tree;
  memory: GnsMemory;
  policies: readonly DecidedChange[];
  isCareful: boolean;
}

/** Compiles global namespaces of all organizations; remembers what it compiled last. */
export class Compiler {
  private readonly memories = new Memories();
  private readonly inventories = new Map<string, InventoryCache>();

  constructor(
    private readonly store: Store,
    private readonly signer: Signer,
    private readonly ownerWaitMs = OWNER_WAIT_MS,
  ) {}

  /**
   * Compiles from one snapshot and publishes. What users configured in the meshes is judged once that is out, so that no change waits
   * for it, and told by a second publication if it is not what was told before.
   */
  async compile(key: GnsKey, scope: CompileScope): Promise<CompileResult> {
    const first = await this.untilPublished(key, scope);
    const memory = this.memories.of(key);
    const { unjudged } = memory;
    memory.unjudged = undefined;
    if (unjudged === undefined || first.outcome === 'GONE') return first;
    if (isDeepStrictEqual(knownLint(unjudged, memory), judge(unjudged, memory))) return first;
    const second = await this.untilPublished(key, 'CATALOG');
    return second.outcome === 'GONE' ? second : both(first, second);
  }

  /** Starts again if what it read has moved meanwhile. */
  private async untilPublished(key: GnsKey, scope: CompileScope): Promise<CompileResult> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(key, scope, attempt > 1);
      } catch (error) {
        this.memories.of(key).rows = undefined;
        if (!(error instanceof SupersededError) || attempt >= MAX_ATTEMPTS) throw error;
      }
    }
  }

  private async attempt(key: GnsKey, scope: CompileScope, isCareful: boolean): Promise<CompileResult> {
    const memory = this.memories.of(key);
    const known: SnapshotMemory = { inventories: this.inventoriesOf(key.org), rows: memory.rows };
    const snapshot = await readSnapshot(this.store, key, known);
    if (snapshot.gns === undefined && snapshot.head === undefined) return { outcome: 'GONE' };
    const draft = await this.draft(snapshot, scope, isCareful);
    const published = await this.store.mutate(key.org, AUDIT, async (tx): Promise<Published | undefined> => {
      const { signer, ownerWaitMs } = this;
      const written = await publish(tx, draft, { signer, ownerWaitMs });
      const isLeft = snapshot.gns === undefined && (await forgetIfLeft(tx, snapshot));
      return isLeft ? undefined : written;
    });
    keepTrees(memory, [draft.catalog.tree, draft.policy?.tree ?? draft.policy?.previous]);
    memory.rows = published?.settled;
    if (published === undefined) return { outcome: 'GONE' };
    const { settled: _settled, ...rest } = published;
    return { outcome: 'PUBLISHED', ...rest };
  }

  private async draft(snapshot: Snapshot, scope: CompileScope, isCareful: boolean): Promise<Draft> {
    const memory = this.memories.of(snapshot.key);
    const previousCatalog = await treeOf(this.store, snapshot.key, { root: snapshot.head?.catalogRoot, memory });
    const isDue = scope === 'ALL' || snapshot.specIsNewer;
    const policy = isDue && snapshot.gns !== undefined ? await this.policy(snapshot, memory) : undefined;
    const policies = await this.decided(snapshot, policy);
    const catalog = await this.catalog(snapshot, { previous: previousCatalog, memory, policies, isCareful });
    memory.unjudged = isLintDue(snapshot, memory) ? snapshot : undefined;
    return { snapshot, policy, catalog: withLint(catalog, knownLint(snapshot, memory)), previousCatalog };
  }

  private async policy(snapshot: Snapshot, memory: GnsMemory): Promise<PolicyDraft | undefined> {
    const { gns, policies, clusters, clusterGroups, head } = snapshot;
    if (gns === undefined) return undefined;
    const previous = await treeOf(this.store, snapshot.key, { root: head?.policyRoot, memory });
    const compilerVersion = head === undefined || head.compilerVersion === 0 ? CURRENT_COMPILER : head.compilerVersion;
    return { ...compilePolicy({ gns, policies, clusters, clusterGroups, compilerVersion }), previous, compilerVersion };
  }

  /** Where the policy may take objects away because somebody changed resources since the one in force was compiled. */
  private async decided(snapshot: Snapshot, policy: PolicyDraft | undefined): Promise<readonly DecidedChange[]> {
    const { key, gns, head, specVersion } = snapshot;
    if (policy?.tree === undefined || gns === undefined || head === undefined) return [];
    const { project = DEFAULT_PROJECT, name } = gns.metadata;
    const losses = policyLosses({ before: policy.previous, after: policy.tree, gns: { project, name } });
    if (losses.length === 0) return [];
    const changes = await this.store.withTenant(key.org, (tx) =>
      tx.resources.changesBetween(head.specVersion, specVersion),
    );
    return decidedLosses(losses, changes);
  }

  /**
   * New members are checked against the rest of the organization; only then that is read. A few new addresses are tried without
   * reading all that are taken: one that is taken is refused when it is written, and the next attempt is careful.
   */
  private async catalog(
    snapshot: Snapshot,
    { previous, memory, policies, isCareful }: CatalogContext,
  ): Promise<CatalogDraft> {
    const alone: Surroundings = { takenVips: new Set(), claims: new Map(), leavingClaims: new Map() };
    const first = draftCatalog(snapshot, { previous, surroundings: alone, memo: memory.memo, policies });
    const services = newcomers(first);
    if (services.length === 0 && first.outcome.newVips.length === 0) return first;
    const surroundings = await this.store.withTenant(snapshot.key.org, async (tx): Promise<Surroundings> => {
      const vips = isCareful || first.outcome.newVips.length > FEW_VIPS ? await tx.vips.list() : [];
      const takenVips = new Set(vips.map(({ address }) => address));
      return { ...(await claimsOn(tx, snapshot.key.gns, services)), takenVips };
    });
    if (surroundings.claims.size === 0 && surroundings.takenVips.size === 0) return first;
    return draftCatalog(snapshot, { previous, surroundings, memo: memory.memo, policies });
  }

  private inventoriesOf(org: string): InventoryCache {
    const known = this.inventories.get(org) ?? new InventoryCache();
    this.inventories.set(org, known);
    return known;
  }
}

type Written = Extract<CompileResult, { outcome: 'PUBLISHED' }>;

function both(first: Written, second: Written): Written {
  return {
    outcome: 'PUBLISHED',
    catalogMoved: first.catalogMoved || second.catalogMoved,
    targetsMoved: first.targetsMoved + second.targetsMoved,
    transitions: first.transitions + second.transitions,
  };
}

/** What users configured in the meshes moves with the inventory, as the catalog does, so it is told with it. */
function withLint(draft: CatalogDraft, found: readonly Issue[]): CatalogDraft {
  if (found.length === 0) return draft;
  const issues = sortIssues([...draft.outcome.issues, ...found]);
  return { ...draft, outcome: { ...draft.outcome, issues } };
}
