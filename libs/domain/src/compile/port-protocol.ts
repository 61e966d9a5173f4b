import type { PortProtocol } from '../intent/entries.js';

/** What appProtocol says in Kubernetes' own names, as Istio reads them. */
const STANDARD_APP_PROTOCOLS: Record<string, PortProtocol> = {
  'kubernetes.io/h2c': 'HTTP2',
  'kubernetes.io/ws': 'HTTP',
  'kubernetes.io/wss': 'HTTPS',
};

const BY_PREFIX: Record<string, PortProtocol> = {
  http: 'HTTP',
  http2: 'HTTP2',
  grpc: 'GRPC',
  https: 'HTTPS',
  tls: 'TLS',
  tcp: 'TCP',
  mongo: 'MONGO',
  mysql: 'MYSQL',
  redis: 'REDIS',
};

function byName(name: string): PortProtocol | undefined {
  const lower = name.toLowerCase();
  if (lower === 'grpc-web' || lower.startsWith('grpc-web-')) return 'GRPC-WEB';
  const prefix = lower.split('-', 1)[0] ?? '';
  return Object.hasOwn(BY_PREFIX, prefix) ? BY_PREFIX[prefix] : undefined;
}

/**
 * Protocol that a port declares, as Istio selects it: appProtocol before the prefix of the port's name, case-insensitive.
 * Undefined: neither declares one; it is then carried as TCP.
 */
export function declaredProtocol(port: { name?: string; appProtocol?: string }): PortProtocol | undefined {
  if (port.appProtocol === undefined) return byName(port.name ?? '');
  const standard = STANDARD_APP_PROTOCOLS[port.appProtocol];
  return Object.hasOwn(STANDARD_APP_PROTOCOLS, port.appProtocol) ? standard : byName(port.appProtocol);
}

/** Name of a host's port: `<protocol>-<number>`, the same in every cluster, because endpoints are matched by port name. */
export function portName(protocol: PortProtocol, number: number): string {
  return `${protocol.toLowerCase()}-${number}`;
}
