/** What is spoken on a port of an external service; it decides what is seen of it. */
export const EXTERNAL_PROTOCOLS = [
  'HTTP',
  'HTTP2',
  'GRPC',
  'HTTPS',
  'TLS',
  'TCP',
  'MONGO',
  'MYSQL',
  'POSTGRESQL',
  'REDIS',
] as const;

/** What is spoken on a port of a service of a global namespace; the words that meshes know. */
export const SERVICE_PROTOCOLS = [
  'HTTP',
  'HTTP2',
  'GRPC',
  'GRPC-WEB',
  'HTTPS',
  'TLS',
  'TCP',
  'MONGO',
  'MYSQL',
  'REDIS',
] as const;

/** How the addresses of an external service are found. */
export const RESOLUTIONS = ['NONE', 'STATIC', 'DNS'] as const;

/** How traffic chooses among the clusters of a service. */
export const FAILOVER_MODES = ['LOCAL_FIRST', 'ORDERED', 'ACTIVE_ACTIVE'] as const;

/** How eagerly endpoints that fail are left alone. */
export const DETECTION_PROFILES = ['FAST', 'BALANCED', 'SLOW'] as const;

/** On which side of a request something is recorded. */
export const TELEMETRY_SIDES = ['CLIENT', 'SERVER', 'CLIENT_AND_SERVER'] as const;

/** The metrics of a mesh by what they count. */
export const METRICS = [
  'ALL_METRICS',
  'REQUEST_COUNT',
  'REQUEST_DURATION',
  'REQUEST_SIZE',
  'RESPONSE_SIZE',
  'TCP_OPENED_CONNECTIONS',
  'TCP_CLOSED_CONNECTIONS',
  'TCP_SENT_BYTES',
  'TCP_RECEIVED_BYTES',
  'GRPC_REQUEST_MESSAGES',
  'GRPC_RESPONSE_MESSAGES',
] as const;

/** Methods of HTTP that matches and CORS can name. */
export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'] as const;

/** When a request may be sent again; the words of Envoy's retry policies. */
export const RETRY_CONDITIONS = [
  'GATEWAY_ERROR',
  'SERVER_ERROR',
  'CONNECT_FAILURE',
  'REFUSED_STREAM',
  'RESET',
  'RETRIABLE_4XX',
  'GRPC_CANCELLED',
  'GRPC_DEADLINE_EXCEEDED',
  'GRPC_INTERNAL',
  'GRPC_RESOURCE_EXHAUSTED',
  'GRPC_UNAVAILABLE',
] as const;

/** What plain HTTP gets at an ingress gateway. */
export const HTTP_LISTENERS = ['REDIRECT', 'SERVE', 'OFF'] as const;

/** Who ends TLS of a public service, and who shows certificates. */
export const PUBLIC_TLS_MODES = ['SIMPLE', 'MUTUAL', 'PASSTHROUGH'] as const;

/** Oldest versions of TLS that a gateway may speak. */
export const TLS_VERSIONS = ['TLSV1_2', 'TLSV1_3'] as const;
