import { Inject, Injectable } from '@nestjs/common';
import type { LineStopRecord, Store } from '@isthmus/store';
import { authorize, mayRead, type Viewer } from '../../auth/viewer.js';
import { STORE } from '../../core/tokens.js';

export interface OrganizationModel {
  typename: 'Organization';
  id: string;
  displayName: string;
  createdAt: Date;
}

/** The organization of the caller; no other can be seen. */
@Injectable()
export class OrganizationsService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  /** Lines on which an agent knows more than the database. */
  async lineStops(viewer: Viewer): Promise<LineStopRecord[]> {
    const { org } = authorize(viewer, 'resources.read');
    return this.store.withTenant(org, async (tx) => {
      const stops = await tx.lineStops.list();
      if (stops.length === 0 || viewer.rights.everywhere('Cluster.read')) return stops;
      const clusters = await tx.resources.byUids(stops.map(({ cluster }) => cluster));
      const seen = new Set(clusters.filter((cluster) => mayRead(viewer, cluster)).map(({ uid }) => uid));
      return stops.filter(({ cluster }) => seen.has(cluster));
    });
  }

  async current(viewer: Viewer): Promise<OrganizationModel> {
    const { org } = authorize(viewer, 'viewer.read');
    const found = (await this.store.system.organizations()).find(({ id }) => id === org);
    if (found === undefined) throw new Error(`the organization ${org} of a token does not exist`);
    return { typename: 'Organization', ...found };
  }
}
