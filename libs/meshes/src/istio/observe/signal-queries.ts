import { byCodeUnit } from '@isthmus/domain';
import type { ObservedService } from './observed-service.js';

/** PromQL of one stretch of time, to be asked as instant queries at its end. */
export interface SignalQueries {
  /** Requests by namespace, canonical service and destination. */
  total: string;
  /** Failed requests, by the same. */
  errors: string;
  /** Requests by duration: cumulative counts by `le` in milliseconds, by the same. */
  durations: string;
}

const REQUESTS = 'istio_requests_total';
const DURATIONS = 'istio_request_duration_milliseconds_bucket';
const BY = 'destination_workload_namespace, destination_canonical_service, destination_service';

/** Text as an RE2 pattern that matches just it, inside of a double-quoted PromQL string. */
function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/[\\"]/g, '\\$&');
}

/**
 * Queries over all services of a cluster at once: requests as their servers saw them (`reporter="destination"`), so a call is
 * counted once, where it was answered. A request failed if its status is 5xx or it has a gRPC status other than OK.
 * `windowSeconds` must hold at least two scrapes of the store. Undefined without services.
 */
export function signalQueries(services: readonly ObservedService[], windowSeconds: number): SignalQueries | undefined {
  if (services.length === 0) return undefined;
  const namespaces = [...new Set(services.map(({ namespace }) => namespace))].sort(byCodeUnit);
  const scope = `reporter="destination",destination_workload_namespace=~"${namespaces.map(quoted).join('|')}"`;
  const increase = (metric: string, more = '') => `increase(${metric}{${scope}${more}}[${windowSeconds}s])`;
  const failed = `${increase(REQUESTS, ',response_code=~"5.."')} or ${increase(REQUESTS, ',grpc_response_status!~"0|"')}`;
  return {
    total: `sum by (${BY}) (${increase(REQUESTS)})`,
    errors: `sum by (${BY}) (${failed})`,
    durations: `sum by (le, ${BY}) (${increase(DURATIONS)})`,
  };
}
