export interface EnrolmentRecord {
  id: string;
  cluster: string;
  expiresAt: Date;
  usedAt: Date | undefined;
  createdAt: Date;
  /** It replaces an identity: it may bind another cluster UID, and lifts revocation and quarantine. */
  renews: boolean;
}

export type ConsumeOutcome =
  | { outcome: 'ok'; id: string; cluster: string; renews: boolean }
  | { outcome: 'unknown' }
  | { outcome: 'expired'; cluster: string; expiredAt: Date }
  | { outcome: 'used'; cluster: string; usedAt: Date; renews: boolean };

/** Single-use tokens bound to one cluster; only SHA-256 of the secret is stored. */
export interface EnrolmentRepository {
  create(input: { cluster: string; secretHash: string; expiresAt: Date; renews?: boolean }): Promise<EnrolmentRecord>;
  /** Exactly one caller gets `ok`. */
  consume(secretHash: string): Promise<ConsumeOutcome>;
  list(cluster: string): Promise<EnrolmentRecord[]>;
  /** The newest token of each of the clusters that has one. */
  newest(clusters: readonly string[]): Promise<EnrolmentRecord[]>;
  /** The cluster of a token, whatever became of it. */
  clusterOf(secretHash: string): Promise<string | undefined>;
}

export interface NewCertificate {
  serial: string;
  cluster: string;
  notBefore: Date;
  notAfter: Date;
  /** Number of the authority that signed it; 1 where nothing is said. */
  authority?: number;
}

/** ISSUED: never seen yet; ACTIVE: in use; RETIRED: its successor was used; REVOKED. */
export type CertificateState = 'ISSUED' | 'ACTIVE' | 'RETIRED' | 'REVOKED';

export interface CertificateRecord {
  serial: string;
  cluster: string;
  notBefore: Date;
  notAfter: Date;
  state: CertificateState;
  /** Serial of the one that was issued after it. */
  supersededBy: string | undefined;
  issuedAt: Date;
  /** Number of the authority that signed it. */
  authority: number;
}

export type PresentOutcome =
  | { outcome: 'ok'; cluster: string; newest: boolean }
  | { outcome: 'unknown' }
  | { outcome: 'revoked'; cluster: string }
  /** A retired serial came back: the caller quarantines the cluster. */
  | { outcome: 'retired'; cluster: string };

export interface CertificateRepository {
  /** Stores a certificate and links its predecessor to it. */
  issue(input: NewCertificate): Promise<CertificateRecord>;
  get(serial: string): Promise<CertificateRecord | undefined>;
  /** Newest issued first. */
  ofCluster(cluster: string): Promise<CertificateRecord[]>;
  /** What each cluster lives by now: the one in use, or the newest where none was used yet; of clusters that are not revoked. */
  held(): Promise<CertificateRecord[]>;
  /** A connection showed this serial: its first use retires all older ones. */
  present(serial: string): Promise<PresentOutcome>;
  /** From now on none of the cluster's certificates is good for anything. */
  revokeAll(cluster: string): Promise<void>;
}
