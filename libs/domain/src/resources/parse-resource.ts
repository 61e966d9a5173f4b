import { API_GROUP, GROUP_VERSION } from '../api-group.js';
import { formatPath } from '../issues/field-path.js';
import type { Issue, ResourceRef } from '../issues/issue.js';
import { hasErrors, issue } from '../issues/make-issue.js';
import { hygieneFindings, type PlacedFinding } from './hygiene.js';
import { faultFindings } from './schema-issues.js';
import { isProjectScoped, isResourceKind, KIND_SCHEMAS, RESOURCE_KINDS } from './schema/kinds.js';
import { knownFields } from './schema/known-fields.js';
import { didYouMean } from './text/did-you-mean.js';
import { describeValue } from './text/quote.js';
import { DEFAULT_PROJECT } from './types.js';
import type { Resource, ResourceKind } from './types.js';

/** The resource if no issue blocks, and everything that was found. */
export interface ParsedResource {
  resource?: Resource;
  issues: Issue[];
}

type Document = Readonly<Record<string, unknown>>;

/**
 * Reads any value as a resource. Never throws, collects every issue with the path of its field, fills no defaults.
 * `status` is accepted and left out, so that what the API returned can be sent back.
 */
export function parseResource(value: unknown): ParsedResource {
  const findings = hygieneFindings(value);
  if (findings.some(({ code }) => code === 'ISM0029' || code === 'ISM0032')) return asIssues(findings, undefined);
  if (!isDocument(value)) {
    const message = `a resource is a mapping, but this is ${describeValue(value)}`;
    return asIssues([{ code: 'ISM0002', message, steps: [] }], undefined);
  }
  const { kind } = value;
  findings.push(...versionFindings(value));
  if (!isResourceKind(kind)) return asIssues([...findings, unknownKind(kind)], undefined);
  const parsed = KIND_SCHEMAS[kind].safeParse(value, { reportInput: true });
  const ref = refOf(kind, value);
  if (!parsed.success) {
    const known = (steps: readonly PropertyKey[]) => knownFields(KIND_SCHEMAS[kind], steps);
    const faults = parsed.error.issues.filter(({ path }) => path[0] !== 'apiVersion');
    findings.push(...faults.flatMap((fault) => faultFindings(fault, known)));
  }
  const { issues } = asIssues(findings, ref);
  if (hasErrors(issues)) return { issues };
  return { resource: accepted(value), issues };
}

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function asIssues(findings: readonly PlacedFinding[], resource: ResourceRef | undefined): ParsedResource {
  const issues = findings.map(({ code, message, hint, steps }) =>
    issue(code, {
      path: formatPath(steps),
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(resource && { resource }),
    }),
  );
  return { issues };
}

function versionFindings({ apiVersion }: Document): PlacedFinding[] {
  if (apiVersion === GROUP_VERSION) return [];
  const isNewer = typeof apiVersion === 'string' && apiVersion.startsWith(`${API_GROUP}/`);
  const message = isNewer
    ? `this release does not read ${describeValue(apiVersion)}`
    : `apiVersion is ${describeValue(apiVersion)}, not an Isthmus resource`;
  return [{ code: 'ISM0003', message, hint: `apiVersion: ${GROUP_VERSION}`, steps: ['apiVersion'] }];
}

function unknownKind(kind: unknown): PlacedFinding {
  const known = [...RESOURCE_KINDS];
  const hint = typeof kind === 'string' ? didYouMean(kind, known) : `one of ${known.join(', ')}`;
  const message = `kind is ${describeValue(kind)}`;
  return { code: 'ISM0004', message, ...(hint === undefined ? {} : { hint }), steps: ['kind'] };
}

/** Names the resource as far as its names can be printed. */
function refOf(kind: ResourceKind, { metadata }: Document): ResourceRef | undefined {
  if (!isDocument(metadata)) return undefined;
  const { name, project } = metadata;
  if (typeof name !== 'string' || !isPrintable(name)) return undefined;
  if (!isProjectScoped(kind)) return { kind, name };
  return { kind, name, project: typeof project === 'string' && isPrintable(project) ? project : DEFAULT_PROJECT };
}

const isPrintable = (text: string) => /^[\x21-\x7e]{1,253}$/.test(text);

/** A copy of the accepted value without status and absent fields; aliases of gateway roles get their canonical name. */
function accepted(value: Document): Resource {
  const { status: _status, ...rest } = value;
  const resource = copyOf(rest) as Resource;
  if (resource.kind !== 'Cluster') return resource;
  for (const gateway of resource.spec.gateways ?? []) if (gateway.role !== undefined) gateway.role = 'EAST_WEST';
  return resource;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(given.map(([name, inner]) => [name, copyOf(inner)]));
}
