import { type FeatureOf, type HostPort } from '@isthmus/domain';
import { sortedJson } from '../../content-hash.js';
import { objectName } from '../../object-name.js';
import type { RenderResult } from '../../renderer.js';
import { mayMakeEnvoyFilters } from '../support/raw-extensions.js';
import { supportFacts } from './feature-issues.js';
import { hostIssue, type HostScene } from './host-members.js';
import { labelsOf } from './labels-of.js';
import { ownedObject } from './owned-object.js';
import { globalFilter, localFilter, rateLimitActions } from './rate-limit-filters.js';
import { requestPorts } from './routes/destinations.js';
import { portsAmong } from './service-ports.js';

/** What limits the requests of one port. */
export interface Limits {
  local: FeatureOf<'localRateLimit'> | undefined;
  global: FeatureOf<'globalRateLimit'> | undefined;
}

interface LimitedPort {
  /** Port of the container: what proxies of servers know. */
  target: number;
  port: HostPort;
  limits: Limits;
}

/** After what has no priority: the place in the chain of filters is beside one that is already there. */
const PRIORITY = 10;

const isLimited = ({ limits: { local, global } }: LimitedPort): boolean => local !== undefined || global !== undefined;

function limitedPorts({ host, local, policies }: HostScene): LimitedPort[] {
  const targets = new Map((local?.ports ?? []).map(({ number, targetPort }) => [number, targetPort]));
  return requestPorts(portsAmong(host, targets.keys()))
    .map((port) => ({
      target: targets.get(port.number) ?? port.number,
      port,
      limits: {
        local: policies.feature('localRateLimit', port.number),
        global: policies.feature('globalRateLimit', port.number),
      },
    }))
    .sort((a, b) => a.target - b.target || a.port.number - b.port.number);
}

/** Ports of the service that share a port of the container share its limits: those of the first that has some. */
function byTarget(ports: readonly LimitedPort[]): Map<number, LimitedPort[]> {
  const found = new Map<number, LimitedPort[]>();
  for (const one of ports) found.set(one.target, [...(found.get(one.target) ?? []), one]);
  return found;
}

const HTTP_MANAGER = 'envoy.filters.network.http_connection_manager';

/** Before the router and so after everything that may refuse: what is refused takes nothing of a limit. */
function insert(portNumber: number, value: object): object {
  const filter = { name: HTTP_MANAGER, subFilter: { name: 'envoy.filters.http.router' } };
  return {
    applyTo: 'HTTP_FILTER',
    match: { context: 'SIDECAR_INBOUND', listener: { portNumber, filterChain: { filter } } },
    patch: { operation: 'INSERT_BEFORE', value },
  };
}

function patches({ target, port, limits: { local, global } }: LimitedPort): object[] {
  const actions = rateLimitActions({ local, global });
  return [
    ...(local === undefined ? [] : [insert(target, localFilter(local, port.protocol))]),
    ...(global === undefined ? [] : [insert(target, globalFilter(global, port.protocol))]),
    ...(actions.length === 0
      ? []
      : [
          {
            applyTo: 'VIRTUAL_HOST',
            match: { context: 'SIDECAR_INBOUND', routeConfiguration: { portNumber: target } },
            patch: { operation: 'MERGE', value: { rate_limits: actions } },
          },
        ]),
  ];
}

/** The limits that the proxies of the local member keep, for every caller of its ports. */
export function rateLimits(hostScene: HostScene): RenderResult {
  const { scene, host, local, policies } = hostScene;
  if (local === undefined || policies.isEmpty || !mayMakeEnvoyFilters(supportFacts(scene)))
    return { objects: [], issues: [] };
  const groups = [...byTarget(limitedPorts(hostScene)).values()];
  const issues = groups
    .filter((ports) => new Set(ports.map(({ limits }) => sortedJson(limits))).size > 1)
    .map((ports) => {
      const numbers = ports.map(({ port }) => port.number).sort((a, b) => a - b);
      const [first] = ports.filter(isLimited);
      const message = `Ports ${numbers.join(', ')} are one port of the container, so all have the rate limits of port ${first?.port.number ?? 0}.`;
      return hostIssue(scene, host.host, { code: 'ISM0861', member: local, message });
    });
  const configPatches = groups.flatMap((ports) => ports.filter(isLimited).slice(0, 1)).flatMap(patches);
  if (configPatches.length === 0) return { objects: [], issues };
  const spec = { priority: PRIORITY, workloadSelector: { labels: labelsOf(local.selector) }, configPatches };
  const object = ownedObject(scene, {
    side: 'owner',
    kind: 'EnvoyFilter',
    namespace: local.namespace,
    name: objectName(host.host),
    host,
    spec,
  });
  return { objects: [object], issues };
}
