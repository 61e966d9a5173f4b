import { Inject, Injectable } from '@nestjs/common';
import type { ResourceKind } from '@isthmus/domain';
import type {
  Page,
  PageRequest,
  ResourceFilter,
  ResourceGeneration,
  ResourceKey,
  ResourceOrder,
  ResourceRecord,
  Store,
} from '@isthmus/store';
import { authorize, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import type { Loaders } from '../../graphql/loaders.js';

/** Reads of resources of any kind. */
@Injectable()
export class ResourcesService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async find(viewer: Viewer, key: ResourceKey): Promise<ResourceRecord | undefined> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, (tx) => tx.resources.get(key));
  }

  async list(
    viewer: Viewer,
    query: { filter: ResourceFilter; page: PageRequest; order: ResourceOrder | undefined },
  ): Promise<Page<ResourceRecord>> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, (tx) => tx.resources.list(query.filter, query.page, query.order));
  }

  async count(viewer: Viewer, filter: ResourceFilter): Promise<number> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, (tx) => tx.resources.count(filter));
  }

  async history(
    viewer: Viewer,
    { uid, page }: { uid: string; page: PageRequest },
    loaders: Loaders,
  ): Promise<Page<ResourceGeneration>> {
    authorize(viewer, 'resources.read');
    return loaders.read((tx) => tx.resources.history(uid, page));
  }

  /** Every resource of these kinds, by kind, project and name. */
  async all(viewer: Viewer, kinds: readonly ResourceKind[]): Promise<ResourceRecord[]> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, (tx) => tx.resources.all(kinds));
  }
}
