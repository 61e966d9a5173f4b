/** What accounts of the local door have as provider and issuer: no provider can have this name, since it is no URL. */
export const LOCAL_PROVIDER = '(local)';

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
  /** Counts a wrong password; answers until when the network is locked out by it, if it is. */
  failed(network: string, rule: LockoutRule): Promise<{ lockedUntil: Date | undefined }>;
  /** A right password clears what was counted. */
  succeeded(network: string): Promise<void>;
  /** Clears what was counted of every network. */
  forgive(): Promise<void>;
}

/** After `limit` wrong passwords within `windowMs` a network is locked out: for `firstMs`, then twice as long each time up to `longestMs`. */
export interface LockoutRule {
  limit: number;
  windowMs: number;
  firstMs: number;
  longestMs: number;
  /** So long after its last window or lockout a network begins anew. */
  forgetMs: number;
}
