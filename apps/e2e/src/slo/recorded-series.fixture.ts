/** A counter that grows by the same amount with each sample. */
export interface RecordedCounter {
  metric: 'istio_requests_total' | 'istio_request_duration_milliseconds_bucket';
  labels: Readonly<Record<string, string>>;
  perSample: number;
}

const server = (service: string, namespace: string): Record<string, string> => ({
  reporter: 'destination',
  destination_workload: `${service}-v1`,
  destination_workload_namespace: namespace,
  destination_canonical_service: service,
  destination_service: `${service}.${namespace}.svc.cluster.local`,
  request_protocol: 'http',
  grpc_response_status: '',
});

interface Requests {
  service: string;
  namespace: string;
  perSample: number;
  more: Readonly<Record<string, string>>;
}

/** Requests as the servers of a service report them. */
export function requests({ service, namespace, perSample, more }: Requests): RecordedCounter {
  return { metric: 'istio_requests_total', labels: { ...server(service, namespace), ...more }, perSample };
}

/** Cumulative buckets of durations, by upper bound in milliseconds. */
export function durations(
  of: Pick<Requests, 'service' | 'namespace'>,
  buckets: Readonly<Record<string, number>>,
): RecordedCounter[] {
  return Object.entries(buckets).map(([le, perSample]) => ({
    metric: 'istio_request_duration_milliseconds_bucket',
    labels: { ...server(of.service, of.namespace), le },
    perSample,
  }));
}

/** One sample of every counter, in the text format, with its time in milliseconds. */
export function exposition(counters: readonly RecordedCounter[], sample: number, timeMs: number): string {
  const lines = counters.map(({ metric, labels, perSample }) => {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    return `${metric}{${pairs.join(',')}} ${String(perSample * sample)} ${String(timeMs)}`;
  });
  return `${lines.join('\n')}\n`;
}
