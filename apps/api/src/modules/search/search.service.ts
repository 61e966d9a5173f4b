import { Inject, Injectable } from '@nestjs/common';
import type { AccountRecord, ResourceRecord, ServiceAccountRecord, Store } from '@isthmus/store';
import { authorize, mayRead, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';
import { seesAll } from '../../graphql/sight.js';
import { ResourcesService } from '../resources/resources.service.js';

/** What is searched for, and how many of each sort are wanted at most. */
export interface Search {
  text: string;
  limit: number;
}

export interface FoundService {
  host: string;
  gns: ResourceRecord;
}

/** Everything of that text that the viewer may see, by sort. */
export interface Found {
  resources: ResourceRecord[];
  services: FoundService[];
  serviceAccounts: ServiceAccountRecord[];
  accounts: AccountRecord[];
}

/** Finds by name, over all sorts of things at once. */
@Injectable()
export class SearchService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(ResourcesService) private readonly resources: ResourcesService,
  ) {}

  async find(viewer: Viewer, search: Search): Promise<Found> {
    authorize(viewer, 'viewer.read');
    const [resources, services, serviceAccounts, accounts] = await Promise.all([
      this.named(viewer, search),
      this.services(viewer, search),
      this.programs(viewer, search),
      this.people(viewer, search),
    ]);
    return { resources, services, serviceAccounts, accounts };
  }

  private async named(viewer: Viewer, { text, limit }: Search): Promise<ResourceRecord[]> {
    if (!viewer.rights.somewhere('resources.read')) return [];
    const page = { first: limit };
    const { items } = await this.resources.list(viewer, { filter: { search: text }, page, order: undefined });
    return items.map(({ record }) => record);
  }

  private async services(viewer: Viewer, { text, limit }: Search): Promise<FoundService[]> {
    if (!viewer.rights.somewhere('GlobalNamespace.read')) return [];
    const { org } = authorize(viewer, 'GlobalNamespace.read');
    const reads = this.store.reads(org);
    const seen = seesAll(viewer, 'GlobalNamespace')
      ? undefined
      : (await reads.resources.all(['GlobalNamespace'])).filter((gns) => mayRead(viewer, gns));
    const vips = await reads.vips.search({ text, limit, ...(seen && { gns: seen.map(({ uid }) => uid) }) });
    const known = seen ?? (await reads.resources.byUids([...new Set(vips.map(({ gns }) => gns))]));
    const byUid = new Map(known.map((gns) => [gns.uid, gns]));
    return vips.flatMap(({ host, gns }) => {
      const record = byUid.get(gns);
      return record === undefined ? [] : [{ host, gns: record }];
    });
  }

  private async programs(viewer: Viewer, search: Search): Promise<ServiceAccountRecord[]> {
    if (!viewer.rights.everywhere('tokens.manage')) return [];
    return this.store.reads(viewer.org).serviceAccounts.search(search);
  }

  private async people(viewer: Viewer, search: Search): Promise<AccountRecord[]> {
    if (!viewer.rights.everywhere('sessions.manage')) return [];
    return this.store.reads(viewer.org).accounts.search(search);
  }
}
