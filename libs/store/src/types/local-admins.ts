/** The door for the day on which no identity provider answers. */
export interface LocalAdminRecord {
  name: string;
  passwordHash: string;
  /** TOTP secret, sealed with a key made of the password; undefined: the password is enough. */
  totpSealed: string | undefined;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | undefined;
}

export interface LocalAdminRepository {
  /** Opens the door, or opens it anew with another password. */
  put(admin: Pick<LocalAdminRecord, 'name' | 'passwordHash' | 'totpSealed' | 'expiresAt'>): Promise<void>;
  /** Closes it; false: it was closed. */
  remove(name: string): Promise<boolean>;
  get(name: string): Promise<LocalAdminRecord | undefined>;
  /** Open ones, by name. */
  list(): Promise<LocalAdminRecord[]>;
  /** Notes the use, and that the code of this step was taken; false: it was taken before. */
  use(name: string, totpStep: number | undefined): Promise<boolean>;
  /** Until when a network is locked out; undefined: it is not. */
  lockedUntil(network: string): Promise<Date | undefined>;
  /** Counts a wrong password; after `limit` of them within `windowMs` the network is locked out for `lockMs`. */
  failed(network: string, rule: { limit: number; windowMs: number; lockMs: number }): Promise<{ locked: boolean }>;
  /** A right password clears what was counted. */
  succeeded(network: string): Promise<void>;
}
