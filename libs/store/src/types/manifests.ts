/** What is kept of a manifest that can be fetched by an id. */
export interface NewManifest {
  cluster: string;
  /** SHA-256 of the id. */
  idHash: string;
  /** The manifest, encrypted by who knows the id. */
  sealed: Uint8Array<ArrayBuffer>;
  /** How often it can be fetched. */
  reads: number;
  expiresAt: Date;
}

export type TakeOutcome =
  | { outcome: 'ok'; cluster: string; sealed: Uint8Array<ArrayBuffer>; readsLeft: number }
  | { outcome: 'unknown' }
  | { outcome: 'expired'; cluster: string }
  | { outcome: 'used'; cluster: string };

/** Manifests that are handed out by an id; after the last time, and after a week, nothing of them is left. */
export interface ManifestRepository {
  create(manifest: NewManifest): Promise<void>;
  /** Counts one fetch; of callers at the same time no more than `reads` get it. */
  take(idHash: string): Promise<TakeOutcome>;
}
