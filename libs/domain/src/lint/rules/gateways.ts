import { formatPath } from '../../issues/field-path.js';
import type { MeshGatewayServer } from '../../mesh-config/types.js';
import { finding } from '../finding.js';
import { isWithin, type GatewayPlace } from '../gateway-places.js';
import { patternsMeet } from '../host-patterns.js';
import type { LintRule } from '../lint-rule.js';

/** Protocols whose servers share a port by SNI. */
const BY_SNI: ReadonlySet<string> = new Set(['TLS', 'HTTPS']);

/** On one port of the east-west gateway, servers are told apart by SNI alone, and `*.<domain>` is passed through untouched. */
export const lintGateways: LintRule = (site) =>
  site.of('Gateway').flatMap((placed) => {
    const { selector, servers = [] } = placed.object;
    const places = site.gateways.filter(({ labels }) => labels.some((some) => isWithin(selector, some)));
    return servers.flatMap((server, index) => {
      const clash = clashOf(server, places, site.gns.spec.domain);
      if (clash === undefined) return [];
      const path = formatPath(['spec', 'servers', index]);
      return [finding('ISM0809', { site, placed }, { path, message: clash })];
    });
  });

function clashOf(server: MeshGatewayServer, places: readonly GatewayPlace[], domain: string): string | undefined {
  const place = places.find(({ ports }) => ports.includes(server.port));
  if (place === undefined) return undefined;
  const where = `port ${server.port} of the east-west gateway in ${place.namespace}`;
  if (!BY_SNI.has(server.protocol)) return `serves ${server.protocol || 'another protocol'} at ${where}`;
  const met = (server.hosts ?? []).map(withoutNamespace).find((host) => patternsMeet(host, `*.${domain}`));
  return met === undefined ? undefined : `serves ${met} at ${where}, which meets *.${domain}`;
}

/** Hosts of servers may begin with the namespace that may bind to them. */
const withoutNamespace = (host: string): string => host.slice(host.indexOf('/') + 1);
