import { fieldsOf, type Fields } from '../inventory/manifest-fields.js';
import type { Excerpt } from './excerpt.js';
import type { AuthorizationRule, AuthorizationSource, MeshConfigObject } from './types.js';

/** Fields of an operation that only requests of HTTP have. */
const L7_FIELDS = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];

/** Fields of a source that name nobody by its identity in the mesh, or make exceptions. */
const OTHER_FIELDS = /^(?:not[A-Z]|ipBlocks$|remoteIpBlocks$|requestPrincipals$|serviceAccounts$|trustDomains$)/;

/** What an AuthorizationPolicy says of callers and ports; undefined if it is attached to a waypoint or a Gateway and not to workloads. */
export function authorizationFields(
  spec: Fields,
  excerpt: Excerpt,
): Pick<MeshConfigObject, 'action' | 'rules'> | undefined {
  if (spec['targetRef'] !== undefined || spec['targetRefs'] !== undefined) return undefined;
  const rules = excerpt.mappings(spec['rules']).map((rule) => ruleOf(rule, excerpt));
  return { action: excerpt.text(spec['action']) ?? 'ALLOW', ...(rules.length === 0 ? {} : { rules }) };
}

function ruleOf(rule: Fields, excerpt: Excerpt): AuthorizationRule {
  const from = excerpt.mappings(rule['from']).map(({ source }) => sourceOf(fieldsOf(source), excerpt));
  const operations = excerpt.mappings(rule['to']).map(({ operation }) => fieldsOf(operation));
  const ports = operations.flatMap((operation) => portsOf(operation, excerpt));
  const isEveryPort = operations.length === 0 || operations.some((operation) => operation['ports'] === undefined);
  return {
    ...(from.length === 0 ? {} : { from }),
    ...(isEveryPort || ports.length === 0 ? {} : { ports: [...new Set(ports)].sort((a, b) => a - b) }),
    ...(isL7(rule, operations) ? { l7: true } : {}),
  };
}

function sourceOf(source: Fields, excerpt: Excerpt): AuthorizationSource {
  const principals = excerpt.texts(source['principals']);
  const namespaces = excerpt.texts(source['namespaces']);
  return {
    ...(principals.length === 0 ? {} : { principals }),
    ...(namespaces.length === 0 ? {} : { namespaces }),
    ...(Object.keys(source).some((field) => OTHER_FIELDS.test(field)) ? { other: true } : {}),
  };
}

/** Ports are texts there. */
function portsOf(operation: Fields, excerpt: Excerpt): number[] {
  return excerpt.texts(operation['ports']).flatMap((text) => excerpt.port(Number(text)) ?? []);
}

function isL7(rule: Fields, operations: readonly Fields[]): boolean {
  const sources = Array.isArray(rule['from']) ? rule['from'].map((from) => fieldsOf(fieldsOf(from)['source'])) : [];
  const conditions = Array.isArray(rule['when']) ? rule['when'].map((when) => fieldsOf(when)['key']) : [];
  return (
    operations.some((operation) => L7_FIELDS.some((field) => operation[field] !== undefined)) ||
    sources.some(
      (source) => source['requestPrincipals'] !== undefined || source['notRequestPrincipals'] !== undefined,
    ) ||
    conditions.some((key) => typeof key === 'string' && key.startsWith('request.'))
  );
}
