import { EMPTY_ROOT, joinView, type GnsView, type Tree } from '@isthmus/domain';
import { observedServices, type ObservedService } from '@isthmus/meshes';
import type { Lines } from '../../sync/lines.js';

/** What of one global namespace runs here. `UNMEASURED`: this release has no queries for the mesh. */
export interface ObservedNamespace {
  gns: string;
  services: ObservedService[] | 'UNMEASURED';
}

interface Known {
  roots: string;
  services: ObservedNamespace['services'];
}

/** The services that this cluster serves, by global namespace; read anew only when trees changed. */
export class ObservedNamespaces {
  #known = new Map<string, Known>();

  constructor(private readonly cluster: string) {}

  /** Those with at least one server here; without a policy, a catalog or after leaving there is nothing to observe. */
  list(lines: Lines): ObservedNamespace[] {
    const known = new Map<string, Known>();
    for (const gns of lines.gnsIds()) {
      const [policy, catalog] = [lines.get(gns, 'policy')?.tree, lines.get(gns, 'catalog')?.tree];
      if (policy === undefined || catalog === undefined || policy.root === EMPTY_ROOT) continue;
      known.set(gns, this.#namespace(gns, { policy, catalog }));
    }
    this.#known = known;
    return [...known].map(([gns, { services }]) => ({ gns, services })).filter(({ services }) => services.length > 0);
  }

  #namespace(gns: string, { policy, catalog }: { policy: Tree; catalog: Tree }): Known {
    const roots = `${policy.root} ${catalog.root}`;
    const before = this.#known.get(gns);
    if (before?.roots === roots) return before;
    return { roots, services: this.#servicesOf(joinView(policy, catalog).view) };
  }

  #servicesOf(view: GnsView | undefined): ObservedNamespace['services'] {
    const mesh = view?.clusters.find(({ name }) => name === this.cluster)?.mesh;
    if (view === undefined || mesh === undefined) return [];
    return mesh === 'istio' ? observedServices(view, this.cluster) : 'UNMEASURED';
  }
}
