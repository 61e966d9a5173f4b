import {
  issue,
  rulesBehind,
  sha256Hex,
  type HostPort,
  type HostView,
  type Issue,
  type PublicRoute,
} from '@isthmus/domain';
import { sortedJson } from '../../../content-hash.js';
import { objectName } from '../../../object-name.js';
import type { RenderedObject, RenderResult } from '../../../renderer.js';
import { clientView, type ClientView } from '../client-view.js';
import { sceneOfHost } from '../host-members.js';
import { labelsOf } from '../labels-of.js';
import { ownedObject } from '../owned-object.js';
import { requestPorts } from '../routes/destinations.js';
import { gatewayRoutes } from '../routes/http-routes.js';
import { requestMatches } from '../routes/route-matches.js';
import type { Scene } from '../scene.js';
import { recordAnnotations } from './dns-records.js';
import type { Publication } from './publications.js';

/** What a request of one route meets: a port of a host as clients here see it, or the reason why not. */
type Goal = { view: ClientView; port: HostPort } | { fault: string };

type Views = ReadonlyMap<string, HostView>;

function portOf(view: ClientView, { port }: PublicRoute, isPassed: boolean): HostPort | string {
  const { host } = view.hostScene.host;
  const seen = new Set(requestPorts(view.ports));
  const able = view.ports.filter((one) => seen.has(one) !== isPassed);
  const what = isPassed ? 'port of TLS, HTTPS or TCP' : 'port of HTTP or gRPC';
  const [first, second] = port === undefined ? able : able.filter(({ number }) => number === port);
  if (first === undefined)
    return port === undefined ? `${host} has no ${what} here` : `port ${port} of ${host} is no ${what} here`;
  return second === undefined ? first : `${host} has several ports that could be meant`;
}

function goalOf(
  scene: Scene,
  views: Views,
  { entry, route }: { entry: Publication['entry']; route: PublicRoute },
): Goal {
  const hostView = views.get(route.host);
  if (hostView === undefined) return { fault: `${route.host} is no host of the global namespace` };
  const found = sceneOfHost(scene, hostView);
  const view = 'code' in found ? undefined : clientView(found);
  if (view === undefined) return { fault: `nobody serves ${route.host} for callers in ${scene.self.name}` };
  const port = portOf(view, route, entry.tls?.mode === 'PASSTHROUGH');
  return typeof port === 'string' ? { fault: port } : { view, port };
}

function about({ scene, publication: { entry } }: At, code: 'ISM0935' | 'ISM0939', message: string): Issue {
  const { project, name } = entry;
  const cluster = scene.self.name;
  const text = `PublicService ${project}/${name} in ${cluster}: ${message}`;
  return issue(code, { resource: { kind: 'PublicService', project, name }, cluster, path: 'spec', message: text });
}

interface At {
  scene: Scene;
  publication: Publication;
  views: Views;
}

/** A path without a service keeps its requests: the service of other paths must not get them. */
function unserved({ path, host }: PublicRoute): object {
  const { rules } = rulesBehind({ host, ...(path && { path }) }, [], { namespace: '', cluster: '' });
  return { ...matchOf(rules), directResponse: { status: 503 } };
}

function matchOf(rules: ReturnType<typeof rulesBehind>['rules']): { match?: object[] } {
  const matches = rules.flatMap((rule) => (rule.matches ?? []).flatMap((match) => requestMatches(match)));
  return matches.some((match) => Object.keys(match).length === 0) ? {} : { match: matches };
}

function requests(at: At): { http: object[]; issues: Issue[] } {
  const { scene, publication, views } = at;
  const parts = publication.entry.routes.map((route) => {
    const goal = goalOf(scene, views, { entry: publication.entry, route });
    if ('fault' in goal) return { http: [unserved(route)], issues: [about(at, 'ISM0935', `${goal.fault}.`)] };
    const { hostScene } = goal.view;
    const rules = hostScene.policies.feature('routes', goal.port.number)?.rules ?? [];
    const caller = { namespace: publication.namespace, cluster: scene.self.name };
    const behind = rulesBehind(route, rules, caller);
    return {
      http: gatewayRoutes(hostScene, goal.port, behind.rules),
      issues: behind.lost.map((name) =>
        about(at, 'ISM0939', `rule ${name} of ${route.host} does not hold at path ${route.path?.value ?? '/'}.`),
      ),
    };
  });
  return { http: parts.flatMap(({ http }) => http), issues: parts.flatMap(({ issues }) => issues) };
}

/** TLS is passed to the service by the name in the handshake; a service that is not there has no way in. */
function passed(at: At): { tls: object[]; issues: Issue[] } {
  const { scene, publication, views } = at;
  const { entry } = publication;
  const goals = entry.routes.map((route) => goalOf(scene, views, { entry, route }));
  const tls = goals.flatMap((goal) => {
    if ('fault' in goal) return [];
    const destination = { host: goal.view.hostScene.host.host, port: { number: goal.port.number } };
    return [{ match: [{ sniHosts: entry.hosts }], route: [{ destination }] }];
  });
  return { tls, issues: goals.flatMap((goal) => ('fault' in goal ? [about(at, 'ISM0935', `${goal.fault}.`)] : [])) };
}

function servers({ hosts: names, http, tls }: Publication['entry']): object[] {
  // Only what stands beside the Gateway may bind to it.
  const hosts = names.map((name) => `./${name}`);
  const protocol = tls?.mode === 'PASSTHROUGH' ? 'TLS' : 'HTTPS';
  return [
    ...(http === undefined
      ? []
      : [
          {
            port: { number: http.port, name: `http-${http.port}`, protocol: 'HTTP' },
            hosts,
            ...(http.redirect === true ? { tls: { httpsRedirect: true } } : {}),
          },
        ]),
    ...(tls === undefined
      ? []
      : [
          {
            port: { number: tls.port, name: `${protocol.toLowerCase()}-${tls.port}`, protocol },
            hosts,
            tls: {
              mode: tls.mode,
              ...(tls.mode === 'PASSTHROUGH' ? {} : { minProtocolVersion: tls.minVersion ?? 'TLSV1_2' }),
              ...(tls.credential === undefined ? {} : { credentialName: tls.credential }),
            },
          },
        ]),
  ];
}

/** Global namespaces may share gateways, and a public service may have several of them in one namespace. */
function nameOf({ gns }: Scene, { entry, selector }: Publication): string {
  const identity = [gns.project, gns.name, entry.project, entry.name, sortedJson(labelsOf(selector))].join('\n');
  return objectName(entry.name, `public-${sha256Hex(identity).slice(0, 8)}`);
}

function publish(at: At): RenderResult {
  const { scene, publication } = at;
  const { entry, namespace, selector } = publication;
  const { issues, ...routes } = entry.tls?.mode === 'PASSTHROUGH' ? passed(at) : requests(at);
  if ('tls' in routes && routes.tls.length === 0) return { objects: [], issues };
  const shared = { side: 'client' as const, namespace, name: nameOf(scene, publication) };
  const objects: RenderedObject[] = [
    ownedObject(scene, {
      ...shared,
      kind: 'VirtualService',
      spec: { hosts: entry.hosts, gateways: [shared.name], exportTo: ['.'], ...routes },
    }),
    ownedObject(scene, {
      ...shared,
      kind: 'Gateway',
      annotations: recordAnnotations(entry, scene.self.name),
      spec: { selector: labelsOf(selector), servers: servers(entry) },
    }),
  ];
  return { objects, issues };
}

/** Public services at the ingress gateways of this cluster: what they listen for, and where requests go. */
export function renderPublic(scene: Scene, hosts: readonly HostView[]): RenderResult {
  const { here } = scene.publications;
  if (here.length === 0) return { objects: [], issues: [] };
  const views = new Map(hosts.map((view) => [view.host.host, view]));
  const results = here.map((publication) => publish({ scene, publication, views }));
  return { objects: results.flatMap(({ objects }) => objects), issues: results.flatMap(({ issues }) => issues) };
}
