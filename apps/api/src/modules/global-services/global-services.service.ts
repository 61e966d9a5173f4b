import { Injectable } from '@nestjs/common';
import { authorize, type Viewer } from '../../auth/viewer.js';
import type { Loaders } from '../../graphql/loaders.js';
import { sees } from '../../graphql/sight.js';
import { type GlobalServiceModel, servicesOf } from './global-service-model.js';

/** Derived services of global namespaces. */
@Injectable()
export class GlobalServicesService {
  async ofGns(viewer: Viewer, gns: string, loaders: Loaders): Promise<GlobalServiceModel[]> {
    authorize(viewer, 'GlobalNamespace.read');
    if (!(await sees(viewer, { kind: 'GlobalNamespace', uid: gns }, loaders))) return [];
    const [members, vips, ports] = await Promise.all([
      loaders.members.load(gns),
      loaders.vips.load(gns),
      loaders.ports.load(gns),
    ]);
    return servicesOf(gns, { members, vips, ports });
  }

  /** Reads what members tell of their clusters, for all of them at once, so that no member waits for it by itself. */
  async readClusters(services: readonly GlobalServiceModel[], loaders: Loaders): Promise<void> {
    const refs = new Set(services.flatMap(({ members }) => members.map(({ cluster }) => cluster)));
    await Promise.all(
      [...refs].flatMap((ref): Promise<unknown>[] => [loaders.cluster.load(ref), loaders.session.load(ref)]),
    );
  }
}
