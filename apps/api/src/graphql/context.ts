import type { Clock } from '@isthmus/platform';
import type { Viewer } from '../auth/viewer.js';
import type { Services } from '../services.js';
import type { Loaders } from './loaders.js';

/** What every resolver gets: who asks, the services, and the request's own batching. */
export interface Context extends Record<PropertyKey, unknown> {
  /** Undefined only in specs: the doors refuse callers without a token before anything runs. */
  viewer: Viewer | undefined;
  services: Services;
  loaders: Loaders;
  clock: Clock;
  requestId: string;
  /** The same caller with nothing remembered: for the next event of a subscription. */
  renew: () => Context;
}
