import { Inject, Injectable } from '@nestjs/common';
import type { AuditFilter, AuditRecord, Page, PageRequest, Store } from '@isthmus/store';
import { authorize, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';

/** Reads of the audit log; nothing writes it but the store itself. */
@Injectable()
export class AuditService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async list(viewer: Viewer, filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>> {
    const { org } = authorize(viewer, 'audit.read');
    return this.store.withTenant(org, (tx) => tx.audit.list(filter, page));
  }
}
