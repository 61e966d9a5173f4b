import type { TextSearch } from './text-search.js';

/** A program that calls in its own name. */
export interface ServiceAccountRecord {
  id: string;
  name: string;
  description: string;
  role: string;
  createdAt: Date;
  createdBy: string;
  disabledAt: Date | undefined;
}

export interface ServiceAccountRepository {
  /** Undefined: the name is taken. */
  create(input: {
    name: string;
    description: string;
    role: string;
    createdBy: string;
  }): Promise<ServiceAccountRecord | undefined>;
  get(id: string): Promise<ServiceAccountRecord | undefined>;
  list(): Promise<ServiceAccountRecord[]>;
  /** Those of the ids that there are. */
  byIds(ids: readonly string[]): Promise<ServiceAccountRecord[]>;
  /** By name: the first ones with this text in it, whatever its case. */
  search(wanted: TextSearch): Promise<ServiceAccountRecord[]>;
  update(id: string, change: { description?: string; role?: string; disabled?: boolean }): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}
