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
  /** Commit-ordered (line `agent`). */
  version: number;
}

export interface SessionHello {
  cluster: string;
  gatewayId: string;
  clusterUid: string;
  agentVersion: string;
  address: string;
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
