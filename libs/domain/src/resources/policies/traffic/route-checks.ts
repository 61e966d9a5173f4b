import type { Finding } from '../../text/finding.js';
import { redirectCycles } from './redirect-cycles.js';
import { retryTimeFault } from './retry-time.js';
import { routeTies } from './route-ties.js';
import type { RouteRuleSpec } from './routes.js';

/** A finding and its place below what is checked. */
export type PlacedRouteFinding = [Finding, (string | number)[]];

const MAX_RULES = 256;
const MAX_MATCHES = 512;

function backendFindings({ backends = [] }: RouteRuleSpec): PlacedRouteFinding[] {
  if (backends.length === 0) return [];
  const open = backends.findIndex(({ weight }) => weight === undefined);
  if (open >= 0 && backends.length > 1)
    return [[{ code: 'ISM0840', message: 'of several backends each has a weight' }, ['backends', open]]];
  const sum = backends.reduce((total, { weight = 100 }) => total + weight, 0);
  return sum === 100 ? [] : [[{ code: 'ISM0840', message: `the weights come to ${sum}, not to 100` }, ['backends']]];
}

/** What a redirect cannot have beside it: nothing is sent to a backend. */
export const SENDING = [
  'requestHeaders',
  'responseHeaders',
  'rewrite',
  'mirror',
  'backends',
  'timeout',
  'retry',
] as const;

const contradiction = (message: string, at: string): PlacedRouteFinding => [{ code: 'ISM0845', message }, [at]];

function redirectFindings(rule: RouteRuleSpec): PlacedRouteFinding[] {
  if (rule.redirect === undefined) return [];
  return SENDING.filter((name) => rule[name] !== undefined).map((field) =>
    contradiction(`a rule that redirects sends nothing, so ${field} has no effect`, field),
  );
}

function rewriteFindings({ rewrite = {}, matches = [{}] }: RouteRuleSpec): PlacedRouteFinding[] {
  if (rewrite.prefix === undefined) return [];
  if (rewrite.path !== undefined) return [contradiction('either the whole path or its prefix is replaced', 'rewrite')];
  return matches.every(({ path }) => path?.type === 'PREFIX')
    ? []
    : [contradiction('a prefix is replaced only where every match has a path of type PREFIX', 'rewrite')];
}

function mirrorFindings({ mirror }: RouteRuleSpec): PlacedRouteFinding[] {
  if (mirror === undefined) return [];
  const { version, cluster, service, port } = mirror;
  const isHere = version !== undefined || cluster !== undefined;
  if (isHere && service !== undefined)
    return [contradiction('a mirror names another service, or a version or cluster of this one', 'mirror')];
  if (port !== undefined && service === undefined)
    return [contradiction('a mirror names a port of another service only', 'mirror')];
  return isHere || service !== undefined
    ? []
    : [contradiction('a mirror names a version, a cluster or another service', 'mirror')];
}

function headerFindings(rule: RouteRuleSpec): PlacedRouteFinding[] {
  return (['requestHeaders', 'responseHeaders'] as const).flatMap((field) => {
    const { set = [], add = [], remove = [] } = rule[field] ?? {};
    const names = [...set, ...add].map(({ name }) => name).concat(remove);
    const folded = names.map((name) => name.toLowerCase());
    const host = folded.includes('host') ? 'the host is changed by rewrite.host' : undefined;
    const twice = folded.find((name, index) => folded.indexOf(name) !== index);
    const message = host ?? (twice === undefined ? undefined : `header ${twice} is changed twice`);
    return message === undefined ? [] : [[{ code: 'ISM0845', message }, [field]] satisfies PlacedRouteFinding];
  });
}

/** What is wrong with one rule by itself. */
export function ruleFindings(rule: RouteRuleSpec): PlacedRouteFinding[] {
  const time = retryTimeFault(rule.timeout, rule.retry);
  return [
    ...backendFindings(rule),
    ...redirectFindings(rule),
    ...rewriteFindings(rule),
    ...mirrorFindings(rule),
    ...headerFindings(rule),
    ...(time === undefined ? [] : [[time, ['retry', 'perTryTimeout']] satisfies PlacedRouteFinding]),
  ];
}

function doubleNames(rules: readonly RouteRuleSpec[]): PlacedRouteFinding[] {
  const seen = new Set<string>();
  return rules.flatMap(({ name }, index) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [
      [
        { code: 'ISM0849', message: `rule ${name} is there twice` },
        ['rules', index, 'name'],
      ] satisfies PlacedRouteFinding,
    ];
  });
}

/** What is wrong between rules: too many, names twice, ties, redirects in circles. */
export function checkRoutes(rules: readonly RouteRuleSpec[]): PlacedRouteFinding[] {
  const matches = rules.reduce((sum, rule) => sum + (rule.matches?.length ?? 1), 0);
  if (rules.length > MAX_RULES || matches > MAX_MATCHES) {
    const message = `${rules.length} rules with ${matches} matches; ${MAX_RULES} and ${MAX_MATCHES} are allowed`;
    return [[{ code: 'ISM0848', message }, ['rules']]];
  }
  return [...doubleNames(rules), ...routeTies(rules), ...redirectCycles(rules)];
}
