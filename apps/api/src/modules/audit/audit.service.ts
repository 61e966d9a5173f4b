import { Inject, Injectable } from '@nestjs/common';
import type { AuditFilter, AuditRecord, AuditSealRecord, Page, PageRequest, Store } from '@isthmus/store';
import { authorize, type Viewer } from '../../auth/viewer.js';
import { STATEMENT_KEYS, STORE } from '../../core/tokens.js';

/** Reads of the audit log; nothing writes it but the store itself, and nothing seals it but the worker. */
@Injectable()
export class AuditService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(STATEMENT_KEYS) private readonly statementKeys: () => Promise<readonly string[]>,
  ) {}

  async list(viewer: Viewer, filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>> {
    const { org } = authorize(viewer, 'audit.read');
    return this.store.withTenant(org, (tx) => tx.audit.list(filter, page));
  }

  async seals(viewer: Viewer, page: PageRequest): Promise<Page<AuditSealRecord>> {
    const { org } = authorize(viewer, 'audit.read');
    return this.store.withTenant(org, (tx) => tx.auditSeals.list(page));
  }

  /** Keys that seals may be signed with, in PEM; none where this API has no access to them. */
  async sealKeys(viewer: Viewer): Promise<readonly string[]> {
    authorize(viewer, 'audit.read');
    return this.statementKeys().catch(() => []);
  }
}
