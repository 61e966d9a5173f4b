import { Inject, Injectable } from '@nestjs/common';
import type { AuditFilter, AuditRecord, AuditSealRecord, Page, PageRequest, Store } from '@isthmus/store';
import { ORGANIZATION } from '../../auth/places.js';
import { authorize, authorizeAt, type Viewer } from '../../auth/viewer.js';
import { STATEMENT_KEYS, STORE } from '../../core/tokens.js';
import { actorsMeant } from './actors-meant.js';

/** Reads of the audit log; nothing writes it but the store itself, and nothing seals it but the worker. */
@Injectable()
export class AuditService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(STATEMENT_KEYS) private readonly statementKeys: () => Promise<readonly string[]>,
  ) {}

  /** Newest first; an actor is given by its id or by a part of its name. */
  async list(viewer: Viewer, filter: AuditFilter & { actor?: string }, page: PageRequest): Promise<Page<AuditRecord>> {
    const { org } = authorize(viewer, 'audit.read');
    const may = { knowAddresses: viewer.rights.everywhere('sessions.manage') };
    return this.store.withTenant(org, async (tx) => {
      const { actor } = filter;
      const by = actor === undefined ? {} : { actor: await actorsMeant(tx, actor, may) };
      return tx.audit.list({ ...filter, ...by, ...auditBounds(viewer) }, page);
    });
  }

  async seals(viewer: Viewer, page: PageRequest): Promise<Page<AuditSealRecord>> {
    const { org } = authorizeAt(viewer, 'audit.read', ORGANIZATION);
    return this.store.withTenant(org, (tx) => tx.auditSeals.list(page));
  }

  /** Keys that seals may be signed with, in PEM; none where this API has no access to them. */
  async sealKeys(viewer: Viewer): Promise<readonly string[]> {
    authorizeAt(viewer, 'audit.read', ORGANIZATION);
    return this.statementKeys().catch(() => []);
  }
}

/** Projects whose changes the viewer may read, unless it is the whole log. What stands in no project is for those who read that. */
export function auditBounds({ rights }: Viewer): { projects?: string[] } {
  if (rights.everywhere('audit.read')) return {};
  const projects = rights.grants.filter(({ scope }) => scope.kind === 'PROJECT').map(({ scope }) => scope.name);
  return {
    projects: [...new Set(projects)].filter((project) => rights.may('audit.read', { kind: 'PROJECT', project })),
  };
}
