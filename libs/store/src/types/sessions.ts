/** One row a cluster: the newest session counts, older ones are fenced. */
export interface SessionRecord {
  cluster: string;
  session: number;
  gatewayId: string | undefined;
  /** UID of kube-system (or the directory's id) that this identity is bound to. */
  clusterUid: string | undefined;
  agentVersion: string | undefined;
  address: string | undefined;
  connected: boolean;
  connectedAt: Date | undefined;
  disconnectedAt: Date | undefined;
  lastSeenAt: Date | undefined;
  lastError: string | undefined;
  /** Set: the identity may not connect until a person clears it. */
  quarantine: string | undefined;
  revokedAt: Date | undefined;
  /** When an agent was enrolled last, and from where. */
  enrolledAt: Date | undefined;
  enrolledFrom: string | undefined;
  /** Milliseconds by which the agent's clock is ahead of ours. */
  clockSkewMs: number | undefined;
  /** Of the agent that was heard last; undefined: of an earlier release. */
  protocol: number | undefined;
  /** Commit-ordered (line `agent`). */
  version: number;
}

export interface SessionHello {
  cluster: string;
  gatewayId: string;
  clusterUid: string;
  agentVersion: string;
  address: string;
  /** Of the agent's process; without it nobody looks for copies. */
  bootId?: string;
  /** Milliseconds by which the agent's clock is ahead of ours. */
  clockSkewMs?: number;
  protocol?: number;
}

export type ConnectOutcome =
  | { outcome: 'connected'; session: number; previous: SessionRecord | undefined }
  | { outcome: 'revoked' }
  | { outcome: 'quarantined'; reason: string }
  /** The identity is bound to another cluster UID: rebuilt or cloned. */
  | { outcome: 'other-cluster'; boundTo: string };

export interface SessionRepository {
  connect(hello: SessionHello): Promise<ConnectOutcome>;
  /** Only if that session is still the newest. */
  disconnect(cluster: string, session: number, error?: string): Promise<boolean>;
  /** Liveness of many at once: those that are not the newest session are answered. */
  touch(live: readonly { cluster: string; session: number }[]): Promise<{ fenced: string[] }>;
  get(cluster: string): Promise<SessionRecord | undefined>;
  list(clusters?: readonly string[]): Promise<SessionRecord[]>;
  changedSince(version: number, limit: number): Promise<SessionRecord[]>;
  /** True if that session is the newest; it stays so until the transaction ends. */
  hold(cluster: string, session: number): Promise<boolean>;
  /** Undefined: it is over. */
  noteError(cluster: string, error: string | undefined): Promise<void>;
  quarantine(cluster: string, reason: string): Promise<void>;
  /** A person vouches for whoever holds the newest certificate. */
  unquarantine(cluster: string): Promise<void>;
  /** An agent was enrolled: it is known from now on, though it was not heard yet. */
  enrolled(cluster: string, address: string): Promise<void>;
  /**
   * The identity is given to another cluster UID, or given anew: older streams are fenced, older certificates revoked. Of another UID
   * nothing holds any more that was said of the old cluster: what it applied, that its members are served, that its view is complete.
   */
  rebind(cluster: string, clusterUid: string): Promise<void>;
  /** Undoes quarantine and revocation and forgets the bound cluster UID, so that the cluster can be enrolled again. */
  reset(cluster: string): Promise<void>;
  /** Revokes the identity and all its certificates; streams are cut by whoever hears `agents`. */
  revoke(cluster: string): Promise<void>;
  forget(cluster: string): Promise<void>;
}

export interface GatewayRecord {
  id: string;
  address: string;
  leaseUntil: Date;
}

export interface GatewayRepository {
  /** One leased row per gateway process and organization. */
  lease(gateway: { id: string; address: string; ttlMs: number }): Promise<void>;
  release(id: string): Promise<void>;
  live(): Promise<GatewayRecord[]>;
  /** Marks sessions of gateways whose lease ran out as disconnected; answers their clusters. */
  reap(): Promise<string[]>;
}
