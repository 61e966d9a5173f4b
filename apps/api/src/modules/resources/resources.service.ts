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
  TenantTx,
} from '@isthmus/store';
import { boundsFor } from '../../auth/bounds.js';
import { authorize, mayRead, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import type { Loaders } from '../../graphql/loaders.js';

/** Reads of resources of any kind. */
@Injectable()
export class ResourcesService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async find(viewer: Viewer, key: ResourceKey): Promise<ResourceRecord | undefined> {
    const { org } = authorize(viewer, 'resources.read');
    const found = await this.store.reads(org).resources.get(key);
    return found !== undefined && mayRead(viewer, found) ? found : undefined;
  }

  async list(
    viewer: Viewer,
    query: { filter: ResourceFilter; page: PageRequest; order: ResourceOrder | undefined },
  ): Promise<Page<ResourceRecord>> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, async (tx) =>
      tx.resources.list(await seenBy(viewer, query.filter, tx), query.page, query.order),
    );
  }

  async count(viewer: Viewer, filter: ResourceFilter): Promise<number> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, async (tx) => tx.resources.count(await seenBy(viewer, filter, tx)));
  }

  async history(
    viewer: Viewer,
    { uid, page }: { uid: string; page: PageRequest },
    loaders: Loaders,
  ): Promise<Page<ResourceGeneration>> {
    authorize(viewer, 'resources.read');
    const { items, hasNextPage } = await loaders.read((tx) => tx.resources.history(uid, page));
    return { items: items.filter(({ record }) => mayRead(viewer, record)), hasNextPage };
  }

  /** Every resource of these kinds, by kind, project and name. */
  async all(viewer: Viewer, kinds: readonly ResourceKind[]): Promise<ResourceRecord[]> {
    const { org } = authorize(viewer, 'resources.read');
    const all = await this.store.reads(org).resources.all(kinds);
    return all.filter((record) => mayRead(viewer, record));
  }
}

/** The filter, bounded by what the viewer may read: so neither counts nor cursors tell of anything else. */
async function seenBy(viewer: Viewer, filter: ResourceFilter, tx: TenantTx): Promise<ResourceFilter> {
  const within = await boundsFor(tx, viewer, filter.kinds);
  return within === undefined ? filter : { ...filter, within };
}
