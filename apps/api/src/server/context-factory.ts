import type { Clock } from '@isthmus/platform';
import type { Store } from '@isthmus/store';
import type { Viewer } from '../auth/viewer.js';
import type { Context } from '../graphql/context.js';
import { createLoaders } from '../graphql/loaders.js';
import type { Services } from '../services.js';

export interface ContextParts {
  store: Store;
  services: Services;
  clock: Clock;
}

/** The context of one operation of a signed-in caller. */
export function contextOf(parts: ContextParts, viewer: Viewer): Context {
  const { store, services, clock } = parts;
  const loaders = createLoaders(store, viewer);
  return { viewer, services, loaders, clock, requestId: viewer.requestId, renew: () => contextOf(parts, viewer) };
}
