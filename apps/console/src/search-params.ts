type Raw = Record<string, unknown>;

/** What is in an address is anybody's text: what cannot be meant is left out. */
export const text = (raw: Raw, name: string): Record<string, string> => {
  const value = raw[name];
  return typeof value === 'string' && value !== '' && value.length <= 2000 ? { [name]: value } : {};
};

export const SORTS = ['NAME', 'UPDATED_AT', 'CREATED_AT'] as const;
export type Sort = (typeof SORTS)[number];
export const DIRECTIONS = ['ASC', 'DESC'] as const;

export interface ListSearch {
  search?: string;
  project?: string;
  sort?: Sort;
  direction?: (typeof DIRECTIONS)[number];
}

/** Of a list: what is searched, and in which order. */
export function listSearch(raw: Raw): ListSearch {
  const sort = SORTS.find((one) => one === raw['sort']);
  const direction = DIRECTIONS.find((one) => one === raw['direction']);
  return {
    ...text(raw, 'search'),
    ...text(raw, 'project'),
    ...(sort === undefined ? {} : { sort }),
    ...(direction === undefined ? {} : { direction }),
  };
}

export const TABS = ['details', 'yaml', 'rendered', 'history', 'issues'] as const;
export type Tab = (typeof TABS)[number];

export interface ResourceSearch {
  project?: string;
  tab?: Tab;
}

/** Of one resource: its project and which side of it is shown. */
export function resourceSearch(raw: Raw): ResourceSearch {
  const tab = TABS.find((one) => one === raw['tab']);
  return { ...text(raw, 'project'), ...(tab === undefined ? {} : { tab }) };
}

/** Of the people: what is searched for in their names. */
export function peopleSearch(raw: Raw): { search?: string } {
  return text(raw, 'search');
}

/** Of the documentation: what is searched for in it. */
export function helpSearch(raw: Raw): { search?: string } {
  return text(raw, 'search');
}

export const VIEWS = ['both', 'form', 'yaml'] as const;

/** Of the editor: what is edited, nothing for a new one, and on which sides. */
export function editorSearch(raw: Raw): { name?: string; project?: string; view?: (typeof VIEWS)[number] } {
  const view = VIEWS.find((one) => one === raw['view']);
  return { ...text(raw, 'name'), ...text(raw, 'project'), ...(view === undefined ? {} : { view }) };
}

/** Of the onboarding: the cluster. */
export function onboardSearch(raw: Raw): { cluster?: string } {
  return text(raw, 'cluster');
}

/** Of the audit log: whose and which changes. */
export function auditSearch(raw: Raw): { actor?: string; subjectKind?: string } {
  return { ...text(raw, 'actor'), ...text(raw, 'subjectKind') };
}

/** Of the service accounts: one of them, or all. */
export function accountSearch(raw: Raw): { name?: string } {
  return text(raw, 'name');
}

export const SEVERITIES = ['ERROR', 'WARNING', 'INFO'] as const;

/** Of the issues: how severe. */
export function issuesSearch(raw: Raw): { severity?: (typeof SEVERITIES)[number] | undefined } {
  const severity = SEVERITIES.find((one) => one === raw['severity']);
  return severity === undefined ? {} : { severity };
}

/** Of the sessions: whether everybody's are shown. */
export function sessionsSearch(raw: Raw): { all?: boolean } {
  return raw['all'] === true ? { all: true } : {};
}

/** Of a service: its global namespace and its host there. */
export function serviceSearch(raw: Raw): { gns?: string; project?: string; host?: string } {
  return { ...text(raw, 'gns'), ...text(raw, 'project'), ...text(raw, 'host') };
}

const MOST_REVISIONS = 2 ** 31 - 1;

function whole(raw: Raw, name: string): Record<string, number> {
  const value = raw[name];
  const isWhole = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_REVISIONS;
  return isWhole ? { [name]: value } : {};
}

/** Of revisions: the global namespace, and which two are compared. */
export function revisionsSearch(raw: Raw): { gns?: string; project?: string; from?: number; to?: number } {
  return { ...text(raw, 'gns'), ...text(raw, 'project'), ...whole(raw, 'from'), ...whole(raw, 'to') };
}

export const GROUPINGS = ['cluster', 'namespace', 'version'] as const;
export const TOPOLOGY_VIEWS = ['graph', 'table'] as const;
const MOST_OPEN = 50;

export interface TopologySearch {
  gns?: string;
  project?: string;
  cluster?: string;
  text?: string;
  inCluster?: string;
  namespace?: string;
  serviceGroup?: string;
  group?: (typeof GROUPINGS)[number];
  view?: (typeof TOPOLOGY_VIEWS)[number];
  /** Groups of which the services are shown. */
  open?: string[];
  /** What is selected. */
  node?: string;
}

const TOPOLOGY_TEXTS = ['gns', 'project', 'cluster', 'text', 'inCluster', 'namespace', 'serviceGroup', 'node'];

/** Of the topology: of what, what is filtered, how it is shown, and what is selected. */
export function topologySearch(raw: Raw): TopologySearch {
  const group = GROUPINGS.find((one) => one === raw['group']);
  const view = TOPOLOGY_VIEWS.find((one) => one === raw['view']);
  const given: unknown[] = Array.isArray(raw['open']) ? raw['open'] : [];
  const open = given.filter((one) => typeof one === 'string').slice(0, MOST_OPEN);
  return {
    ...TOPOLOGY_TEXTS.reduce((found, name) => ({ ...found, ...text(raw, name) }), {}),
    ...(group === undefined ? {} : { group }),
    ...(view === undefined ? {} : { view }),
    ...(open.length === 0 ? {} : { open }),
  };
}
