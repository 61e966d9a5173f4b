import type { ListSearch } from '../search-params.js';
import { KINDS, type ResourceKind } from './kinds.js';

/** The same thing for the command line and for GraphQL; nothing where it cannot be said there. */
export interface Copies {
  cli?: string;
  graphql: string;
}

/** A word of a command line, whatever is in it. */
export function word(text: string): string {
  return /^[\w:@%+=./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const text = (value: string): string => JSON.stringify(value);

interface Named {
  kind: ResourceKind;
  name: string;
  projectName?: string | null | undefined;
}

/** One resource. */
export function resourceCopies({ kind, name, projectName }: Named): Required<Copies> {
  const isInProject = projectName && KINDS[kind].inProject;
  const [option, argument] = isInProject
    ? [` --project ${word(projectName)}`, `, project: ${text(projectName)}`]
    : ['', ''];
  return {
    cli: `isthmus get ${kind.toLowerCase()} ${word(name)}${option} -o yaml`,
    graphql: `{ resource(kind: ${kind}, name: ${text(name)}${argument}) { name resourceVersion spec yaml } }`,
  };
}

/** A list with its filter and order. The command line lists by name, and knows no search in names. */
export function listCopies(kind: ResourceKind, search: ListSearch): Copies {
  const graphql = listQuery(kind, search);
  const { project, sort = 'NAME', direction = 'ASC' } = search;
  if (search.search !== undefined || sort !== 'NAME' || direction !== 'ASC') return { graphql };
  const option = project !== undefined && KINDS[kind].inProject ? ` --project ${word(project)}` : '';
  return { cli: `isthmus get ${kind.toLowerCase()}${option}`, graphql };
}

function listQuery(kind: ResourceKind, { search, project, sort = 'NAME', direction = 'ASC' }: ListSearch): string {
  const filter = given({ search, project });
  const order = `orderBy: {field: ${sort}, direction: ${direction}}`;
  return `{ resources(kinds: [${kind}], first: 100${filter}, ${order}) { totalCount nodes { name projectName generation updatedAt } pageInfo { hasNextPage endCursor } } }`;
}

/** The argument `filter` of texts; nothing where none is given. */
function given(texts: Readonly<Record<string, string | undefined>>): string {
  const fields = Object.entries(texts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${text(value)}`],
  );
  return fields.length === 0 ? '' : `, filter: {${fields.join(', ')}}`;
}

/** The audit log with its filter. */
export function auditCopies({ actor, subjectKind }: { actor?: string; subjectKind?: string }): Required<Copies> {
  const options = [
    ...(actor === undefined ? [] : [` --actor ${word(actor)}`]),
    ...(subjectKind === undefined ? [] : [` --kind ${word(subjectKind)}`]),
  ];
  return {
    cli: `isthmus audit list${options.join('')}`,
    graphql: `{ auditLog(first: 100${given({ actor, subjectKind })}) { nodes { at by { id kind name tokenName } action subjectKind name projectName ip before after seal } pageInfo { hasNextPage endCursor } } }`,
  };
}

const TOKEN = 'id name prefix role createdAt expiresAt lastUsedAt revokedAt';

/** What has no filter. */
export const COPIES = {
  tokens: {
    cli: 'isthmus token list --all',
    graphql: `{ apiTokens(first: 100) { nodes { ${TOKEN} } pageInfo { hasNextPage endCursor } } }`,
  },
  serviceAccounts: {
    cli: 'isthmus service-account list',
    graphql: `{ serviceAccounts { id name description createdAt disabledAt tokens { ${TOKEN} } } }`,
  },
  roles: { cli: 'isthmus get roles', graphql: '{ roles { name description builtIn permissions } }' },
  bindings: {
    cli: 'isthmus get bindings',
    graphql:
      '{ roleBindings(first: 100) { nodes { id role subject { kind id } scope { kind name } expiresAt createdAt createdBy } pageInfo { hasNextPage endCursor } } }',
  },
  holds: {
    cli: 'isthmus get holds',
    graphql:
      '{ holds(first: 100) { nodes { id kind count items since heldSetHash approvedAt approvedBy } pageInfo { hasNextPage endCursor } } }',
  },
  objectives: {
    cli: 'isthmus get sloreports',
    graphql:
      '{ sloReports(first: 100) { nodes { service host status objective attainment errorBudgetRemaining observedAt stale globalNamespace { name projectName } policy { name } } pageInfo { hasNextPage endCursor } } }',
  },
  people: {
    cli: 'isthmus account list',
    graphql: '{ accounts { id name email provider groups signedInAt lockedAt } }',
  },
} as const satisfies Record<string, Copies>;

/** A service account with its tokens. */
export function serviceAccountCopies(name: string): Required<Copies> {
  return {
    cli: `isthmus service-account get ${word(name)}`,
    graphql: `{ serviceAccount(name: ${text(name)}) { id name description createdAt disabledAt tokens { ${TOKEN} } } }`,
  };
}

/** What is reported, by how severe it is. */
export function issueCopies(severity: string | undefined): Copies {
  const filter = severity === undefined ? '' : `, filter: {severities: [${severity}]}`;
  return {
    graphql: `{ issues(first: 100${filter}) { totalCount nodes { code severity message path cluster cause fix } pageInfo { hasNextPage endCursor } } }`,
  };
}
