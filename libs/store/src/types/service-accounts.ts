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
  update(id: string, change: { description?: string; role?: string; disabled?: boolean }): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}
