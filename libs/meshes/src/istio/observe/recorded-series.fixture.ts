/** Start of the recording, in Unix seconds, at a full minute. */
export const RECORDED_FROM = 1_767_225_600;

/** The recording lasts this long, with a scrape each 15 s. */
export const RECORDED_SECONDS = 1200;
const SCRAPE = 15;

interface Counter {
  labels: Record<string, string>;
  /** Added at each scrape. */
  perScrape: number;
  /** Scrape at which the pod restarts and counts from zero. */
  restartAt?: number;
}

const server = (service: string, namespace: string, more: Record<string, string>) => ({
  reporter: 'destination',
  destination_workload: `${service}-v1`,
  destination_workload_namespace: namespace,
  destination_canonical_service: service,
  destination_service: `${service}.${namespace}.svc.cluster.local`,
  request_protocol: 'http',
  grpc_response_status: '',
  ...more,
});

/** Requests per scrape: reviews 15 good, 3 failed, 2 not found; ratings by gRPC 6 good, 2 failed; catalog under another label. */
const REQUESTS: Counter[] = [
  { labels: server('reviews', 'bookinfo', { response_code: '200', instance: 'a' }), perScrape: 10 },
  { labels: server('reviews', 'bookinfo', { response_code: '200', instance: 'b' }), perScrape: 5, restartAt: 42 },
  { labels: server('reviews', 'bookinfo', { response_code: '503' }), perScrape: 3 },
  { labels: server('reviews', 'bookinfo', { response_code: '404' }), perScrape: 2 },
  {
    labels: server('ratings', 'bookinfo', {
      response_code: '200',
      request_protocol: 'grpc',
      grpc_response_status: '0',
    }),
    perScrape: 6,
  },
  {
    labels: server('ratings', 'bookinfo', {
      response_code: '200',
      request_protocol: 'grpc',
      grpc_response_status: '14',
    }),
    perScrape: 1,
  },
  {
    labels: server('ratings', 'bookinfo', {
      response_code: '503',
      request_protocol: 'grpc',
      grpc_response_status: '14',
    }),
    perScrape: 1,
  },
  {
    labels: server('store-v2', 'bookinfo', {
      response_code: '200',
      destination_service: 'catalog.bookinfo.svc.cluster.local',
    }),
    perScrape: 4,
  },
  {
    labels: server('store-v2', 'bookinfo', { response_code: '500', destination_service: 'catalog.bookinfo.global' }),
    perScrape: 1,
  },
  // Not to be counted: what clients saw, another namespace, a service outside of the global namespace.
  { labels: { ...server('reviews', 'bookinfo', { response_code: '200' }), reporter: 'source' }, perScrape: 1000 },
  { labels: server('reviews', 'staging', { response_code: '500' }), perScrape: 1000 },
  { labels: server('internal', 'bookinfo', { response_code: '500' }), perScrape: 1000 },
];

/** Cumulative buckets of reviews: 12 of 20 within 25 ms, 18 within 100 ms. */
const BUCKETS: Counter[] = [
  ['25', 12],
  ['100', 18],
  ['+Inf', 20],
].map(([le, perScrape]) => ({
  labels: { ...server('reviews', 'bookinfo', { response_code: '200' }), le: String(le) },
  perScrape: Number(perScrape),
}));

function lines(metric: string, { labels, perScrape, restartAt }: Counter): string[] {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return Array.from({ length: RECORDED_SECONDS / SCRAPE + 1 }, (_, scrape) => {
    const since = restartAt !== undefined && scrape >= restartAt ? scrape - restartAt : scrape;
    return `${metric}{${pairs.join(',')}} ${since * perScrape} ${RECORDED_FROM + scrape * SCRAPE}`;
  });
}

/** The recording in the OpenMetrics format. */
export function recordedSeries(): string {
  return [
    '# TYPE istio_requests counter',
    ...REQUESTS.flatMap((counter) => lines('istio_requests_total', counter)),
    '# TYPE istio_request_duration_milliseconds histogram',
    ...BUCKETS.flatMap((counter) => lines('istio_request_duration_milliseconds_bucket', counter)),
    '# EOF\n',
  ].join('\n');
}
