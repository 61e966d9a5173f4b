import { byMatchPrecedence, durationText, type HostPort, type RouteMatch, type RouteRule } from '@isthmus/domain';
import { corsOf } from '../cors.js';
import { faultOf } from '../faults.js';
import type { HostScene } from '../host-members.js';
import { retriesOf } from '../retries.js';
import { isServed, subsetName, type Destination } from './destinations.js';
import { headersOf, redirectOf, rewriteOf } from './route-filters.js';
import { requestMatches } from './route-matches.js';

/** One rule with the matches that are tried at one place; undefined: what no rule takes. */
interface Step {
  rule: RouteRule | undefined;
  matches: RouteMatch[];
}

const isCatchAll = (match: RouteMatch): boolean => JSON.stringify(requestMatches(match, 0)) === '[{"port":0}]';

/** A rule that replaces a prefix has a route for each prefix; others share one for matches that follow each other. */
const canShare = (rule: RouteRule): boolean => rule.rewrite?.prefix === undefined;

/**
 * The rules of this cluster's callers in the order in which they are tried: Istio takes the first that matches, so a rule stands
 * once for each weight that its matches have. What comes after a match of everything is never tried.
 */
function stepsOf(rules: readonly RouteRule[], cluster: string): Step[] {
  const tried = rules
    .flatMap((rule) => (rule.matches ?? [{}]).map((match) => ({ rule, match })))
    .filter(({ match }) => match.sourceClusters?.includes(cluster) ?? true)
    .sort((a, b) => byMatchPrecedence(a.match, b.match));
  const last = tried.findIndex(({ match }) => isCatchAll(match));
  const steps: Step[] = [];
  for (const { rule, match } of last < 0 ? tried : tried.slice(0, last + 1)) {
    const before = steps.at(-1);
    if (before?.rule === rule && canShare(rule)) before.matches.push(match);
    else steps.push({ rule, matches: [match] });
  }
  return last < 0 ? [...steps, { rule: undefined, matches: [{}] }] : steps;
}

function destination({ host }: HostScene, port: number, { version, cluster }: Destination): object {
  const subset = version === undefined && cluster === undefined ? {} : { subset: subsetName({ version, cluster }) };
  return { host: host.host, port: { number: port }, ...subset };
}

/** Where requests go: backends that nobody serves leave their share to the others; if there are no others, requests fail. */
function backendsOf(
  hostScene: HostScene,
  port: number,
  { backends = [{ weight: 100 }] }: Pick<RouteRule, 'backends'>,
): object[] {
  const wanted = backends.filter(({ weight }) => weight > 0);
  const served = wanted.filter((backend) => isServed(hostScene, backend, port));
  const chosen = served.length === 0 ? wanted : served;
  return chosen.map((backend) => ({
    destination: destination(hostScene, port, backend),
    ...(chosen.length === 1 ? {} : { weight: backend.weight }),
  }));
}

function mirrorsOf(hostScene: HostScene, port: number, { mirror }: Pick<RouteRule, 'mirror'>): { mirrors?: object[] } {
  if (mirror === undefined) return {};
  const { host, share } = mirror;
  // A service gets no copies of its own requests: they would be counted, and done, twice.
  if (host === undefined ? !isServed(hostScene, mirror, port) : host === hostScene.host.host) return {};
  const there =
    host === undefined ? destination(hostScene, port, mirror) : { host, port: { number: mirror.port ?? port } };
  return { mirrors: [{ destination: there, percentage: { value: share / 100 } }] };
}

/** How long requests may take, how often they are sent, and what goes wrong with them: the rule's own, else the port's. */
function behaviour({ policies }: HostScene, port: HostPort, rule: Partial<RouteRule>): object {
  const timeoutMs = rule.timeoutMs ?? policies.feature('timeout', port.number)?.requestMs;
  return {
    ...(timeoutMs === undefined ? {} : { timeout: durationText(timeoutMs) }),
    retries: retriesOf(port, rule.retry ?? policies.feature('retry', port.number)),
    ...faultOf(policies.feature('faults', port.number)),
    ...corsOf(policies.feature('cors', port.number)),
  };
}

interface Place {
  port: HostPort;
  /** The port that requests were sent to; undefined: any. */
  called?: number;
}

function routeOf(hostScene: HostScene, { port, called }: Place, { rule, matches }: Step): object {
  const { number } = port;
  const match = matches.flatMap((one) => requestMatches(one, called));
  if (rule === undefined) return { match, route: backendsOf(hostScene, number, {}), ...behaviour(hostScene, port, {}) };
  const isAll = match.some((one) => Object.keys(one).length === 0);
  const head = { name: rule.name, ...(isAll ? {} : { match }) };
  if (rule.redirect !== undefined) return { ...head, redirect: redirectOf(rule.redirect) };
  return {
    ...head,
    ...headersOf(rule),
    ...rewriteOf(rule, matches[0]?.path?.value),
    route: backendsOf(hostScene, number, rule),
    ...mirrorsOf(hostScene, number, rule),
    ...behaviour(hostScene, port, rule),
  };
}

/** The `http` routes of one port. Each names its port, because one without would take the requests of the others too. */
export function httpRoutes(hostScene: HostScene, port: HostPort): object[] {
  const rules = hostScene.policies.feature('routes', port.number)?.rules ?? [];
  const place = { port, called: port.number };
  return stepsOf(rules, hostScene.scene.self.name).map((step) => routeOf(hostScene, place, step));
}

/** The `http` routes of a gateway for some rules of one port, whatever the port of the gateway. The last one should take all that is left. */
export function gatewayRoutes(hostScene: HostScene, port: HostPort, rules: readonly RouteRule[]): object[] {
  const steps = stepsOf(rules, hostScene.scene.self.name).filter(({ rule }) => rule !== undefined);
  return steps.map((step) => routeOf(hostScene, { port }, step));
}
