import type { Issue, LocalFacts } from '@isthmus/domain';
import type { Clock, Logger } from '@isthmus/platform';
import type { VerifySignature } from '@isthmus/protocol';
import { createLeads } from './apply/leads.js';
import type { Leads } from './apply/leads.js';
import { createLingers } from './apply/lingers.js';
import type { Lingers } from './apply/lingers.js';
import { createMoves } from './apply/moves.js';
import type { Moves } from './apply/moves.js';
import type { PruneGate } from './apply/prune-gate.js';
import type { QuietRound } from './apply/quiet-round.js';
import type { Settled } from './apply/settled.js';
import type { OptIn } from '@isthmus/installation';
import { allowingOnly } from './cluster/allowed-kinds.js';
import { EMPTY_RECORD } from './cluster/cluster-port.js';
import type { ClusterPort, ClusterRecord, InventoryReading, WatchHint } from './cluster/cluster-port.js';
import { Due } from './due.js';
import type { Identity } from './identity/identity.js';
import { pinnedVerifier } from './identity/identity.js';
import { GatewayNames, gatewayNamesIn } from './observe/gateway-names.js';
import type { ResolveName } from './observe/gateway-names.js';
import { Instants } from './observe/instants.js';
import { mayExtend } from './observe/raw-extensions.js';
import { InventoryChain } from './observe/inventory-chain.js';
import { KnownFacts } from './observe/known-facts.js';
import { SignalBuffer } from './observe/signals/signal-buffer.js';
import type { SignalSource } from './observe/signals/signal-meter.js';
import type { RenderGns } from './render/wish.js';
import { Reporter } from './report/reporter.js';
import { Lines } from './sync/lines.js';
import type { StateStore, StoredLine } from './sync/state-store.js';

export interface AgentOptions {
  identity: Identity;
  cluster: ClusterPort;
  state: StateStore;
  render: RenderGns;
  gate: PruneGate;
  clock: Clock;
  log: Logger;
  /** Changes with every start of the process. */
  bootId: string;
  version: string;
  agentNamespace: string;
  /** Kinds beyond those of the mesh that this agent may write; none by default. */
  optedIn?: readonly OptIn[];
  /** Asks for the addresses of gateways with names; without it they are left out. */
  resolve?: ResolveName;
  /** How long a client view stays in its old namespace after the one in the new namespace is complete; default 2 s. */
  settleMs?: number;
  /** How long what routes named stays after the routes that named it were replaced; default 10 s. */
  lingerMs?: number;
  /** How long what routes name stands before they do so; default 1 s. */
  leadMs?: number;
  /** Where this cluster is measured; without it nothing is. */
  signals?: SignalSource | undefined;
}

const SETTLE_MS = 2000;
const LINGER_MS = 10_000;
const LEAD_MS = 1000;

/** How long a round waits for the first answer about a name. */
const FIRST_ANSWERS_MS = 2000;

/** Everything that stream and loop share. Frames change it between rounds; a round reads it and reports into it. */
export class AgentCore {
  readonly lines: Lines;
  readonly chain: InventoryChain;
  readonly reporter = new Reporter();
  readonly names: GatewayNames;
  readonly moves: Moves;
  readonly lingers: Lingers;
  readonly leads: Leads;
  readonly due = new Due();
  /** What the last round left as it is wanted. */
  settled: Settled = new Map();
  /** The last round, if it left nothing open. */
  quiet: QuietRound | undefined;
  readonly signals = new SignalBuffer();
  /** What measuring found; they matter to every global namespace. */
  signalIssues: readonly Issue[] = [];
  #verify: VerifySignature;
  readonly #facts = new KnownFacts();
  readonly #instants: Instants;
  record: ClusterRecord = EMPTY_RECORD;
  /** The reading that the chain has seen last. */
  reading: InventoryReading | undefined;
  /** The last instant of a policy that has passed. */
  passedInstant: number | undefined;
  /** Kinds that the agent may not write. */
  denied: readonly string[] = [];
  /** False until the centre was heard in this life of the process: until then nothing is removed. */
  heardCentre = false;
  readonly #frozen = new Set<string>();
  #allFrozen = false;
  #unsaved: StoredLine[] = [];
  #wake: (() => void) | undefined;
  #dirty = true;

  readonly options: AgentOptions;

  constructor(options: AgentOptions) {
    const { identity, bootId } = options;
    this.options = { ...options, cluster: allowingOnly(options.cluster, options.optedIn ?? []) };
    this.#verify = pinnedVerifier(identity.statementKeys);
    const audience = { org: identity.org, cluster: identity.cluster.uid };
    this.lines = new Lines(audience, (text, signature) => this.#verify(text, signature));
    this.chain = new InventoryChain(bootId);
    this.moves = createMoves(options.clock, options.settleMs ?? SETTLE_MS);
    this.lingers = createLingers(options.clock, options.lingerMs ?? LINGER_MS);
    this.leads = createLeads(options.clock, options.leadMs ?? LEAD_MS);
    const resolve = options.resolve ?? (() => Promise.resolve({ addresses: [], ttlMs: 0 }));
    this.#instants = new Instants(options.clock);
    this.names = new GatewayNames({ resolve, clock: options.clock, changed: () => this.wake() });
  }

  /** From here on statements are believed if one of these keys has signed them: those of the last enrolment. */
  trust(statementKeys: readonly string[]): void {
    this.#verify = pinnedVerifier(statementKeys);
  }

  /** Reads the record and the bundle. The record is the truth: a bundle behind its fence gives nothing. */
  async restore(): Promise<void> {
    this.record = await this.options.cluster.loadRecord();
    this.lines.restore(this.record.fences, await this.options.state.load());
  }

  /** Marks that there is something to do, and ends the loop's wait. */
  wake(): void {
    this.#dirty = true;
    this.#wake?.();
  }

  /** Something in the cluster may have changed. */
  changed(hint?: WatchHint): void {
    this.due.note(hint);
    this.wake();
  }

  /** Waits until there is something to do, or the time is over. */
  async untilWoken(timeoutMs: number): Promise<void> {
    if (!this.#dirty) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    this.#dirty = false;
  }

  accepted(line: StoredLine): void {
    this.#unsaved.push(line);
    this.wake();
  }

  /** Writes accepted lines to disk, before anything is done about them. */
  async saveAccepted(): Promise<void> {
    for (let line = this.#unsaved[0]; line !== undefined; line = this.#unsaved[0]) {
      await this.options.state.save(line);
      this.#unsaved = this.#unsaved.filter((other) => other !== line);
    }
  }

  freeze(gns: string | undefined, frozen: boolean): void {
    if (gns === undefined) this.#allFrozen = frozen;
    else if (frozen) this.#frozen.add(gns);
    else this.#frozen.delete(gns);
    this.wake();
  }

  isFrozen(gns: string): boolean {
    return this.#allFrozen || this.#frozen.has(gns);
  }

  /** Takes what measuring found; true if that is news, which is then reported. */
  measured(issues: readonly Issue[]): boolean {
    if (JSON.stringify(issues) === JSON.stringify(this.signalIssues)) return false;
    this.signalIssues = issues;
    this.wake();
    return true;
  }

  /** Takes a reading; the same one again costs nothing. */
  observe(reading: InventoryReading): void {
    if (this.reading === reading) return;
    this.reading = reading;
    this.chain.observe(reading);
  }

  /** Follows the names of gateways that the catalogs hold; a name that is new is waited for. */
  async followGatewayNames(): Promise<void> {
    this.names.want([...new Set(this.lines.gnsIds().flatMap((gns) => this.#gatewayNames(gns)))]);
    await this.names.firstAnswers(FIRST_ANSWERS_MS);
  }

  /** Names whose addresses must be known before this global namespace is rendered over what is in the cluster. */
  awaitedNames(gns: string): string[] {
    const hasObjects = this.record.owned.some((owned) => owned.gns === gns);
    return hasObjects ? this.names.awaited(this.#gatewayNames(gns)) : [];
  }

  /** Notes which instants of policies have passed; returns in how many milliseconds the next one does. */
  noteInstants(): number | undefined {
    const policies = this.lines.gnsIds().flatMap((gns) => this.lines.get(gns, 'policy')?.tree ?? []);
    const { passed, nextInMs } = this.#instants.of(policies);
    this.passedInstant = passed;
    return nextInMs;
  }

  /** Asks which kinds may not be written, if a catalog lets this cluster have such kinds at all. */
  async askForRights(): Promise<void> {
    const { cluster, identity } = this.options;
    const catalogs = this.lines.gnsIds().flatMap((gns) => this.lines.get(gns, 'catalog')?.tree ?? []);
    const isOpen = catalogs.some((catalog) => mayExtend(catalog, identity.cluster.name));
    this.denied = isOpen ? ((await cluster.deniedKinds?.()) ?? []) : [];
  }

  #gatewayNames(gns: string): string[] {
    const catalog = this.lines.get(gns, 'catalog')?.tree;
    return catalog === undefined ? [] : gatewayNamesIn(catalog, this.options.identity.cluster.name);
  }

  /** What rendering needs to know of this cluster; undefined while that is not known well enough. */
  localFacts(reading: InventoryReading): LocalFacts | undefined {
    const known = this.#facts.observe(reading, this.record.owned.length === 0);
    if (known === undefined) return undefined;
    const { dnsCapture, acceptedTrustDomains, servedKinds } = known.mesh;
    const facts: LocalFacts = {
      cluster: this.options.identity.cluster.name,
      namespaces: known.namespaces,
      agentNamespace: this.options.agentNamespace,
      gateways: known.gateways,
      gatewayAddresses: this.names.known(),
    };
    if (this.passedInstant !== undefined) facts.passedInstant = this.passedInstant;
    if (this.denied.length > 0) facts.deniedKinds = this.denied;
    if (dnsCapture !== undefined) facts.dnsCapture = dnsCapture;
    if (acceptedTrustDomains !== undefined) facts.acceptedTrustDomains = acceptedTrustDomains;
    if (servedKinds !== undefined) facts.servedKinds = servedKinds;
    return facts;
  }
}
