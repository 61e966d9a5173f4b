import { createRootRoute, createRoute, createRouter, type RouterHistory } from '@tanstack/react-router';
import {
  accountSearch,
  auditSearch,
  editorSearch,
  helpSearch,
  issuesSearch,
  listSearch,
  onboardSearch,
  peopleSearch,
  revisionsSearch,
  serviceSearch,
  sessionsSearch,
  topologySearch,
} from './search-params.js';
import { renderedSearch } from './rendered/rendered-search.js';
import { page } from './shell/later.js';
import { NotFound } from './shell/not-found.js';
import { ComingPage } from './shell/page-frame.js';
import { Shell } from './shell/shell.js';
import { wizardSearch } from './wizard/wizard-search.js';

const home = page(() => import('./home/home-page.js'), 'HomePage');
const issues = page(() => import('./issues/issues-page.js'), 'IssuesPage');
const audit = page(() => import('./audit/audit-page.js'), 'AuditPage');
const tokens = page(() => import('./tokens/tokens-page.js'), 'TokensPage');
const slos = page(() => import('./slos/slos-page.js'), 'SlosPage');
const holds = page(() => import('./holds/holds-page.js'), 'HoldsPage');
const sessions = page(() => import('./people/sessions-page.js'), 'SessionsPage');
const roles = page(() => import('./roles/roles-page.js'), 'RolesPage');
const people = page(() => import('./people/people-page.js'), 'PeoplePage');
const serviceAccounts = page(() => import('./service-accounts/service-accounts-page.js'), 'ServiceAccountsPage');
const account = page(() => import('./account/account-page.js'), 'AccountPage');
const service = page(() => import('./services/service-page.js'), 'ServicePage');
const topology = page(() => import('./topology/topology-page.js'), 'TopologyPage');
const revisions = page(() => import('./revisions/revisions-page.js'), 'RevisionsPage');
const onboard = page(() => import('./clusters/onboard-page.js'), 'OnboardPage');
const help = page(() => import('./help/help-page.js'), 'HelpPage');
const chapter = page(() => import('./help/chapter-page.js'), 'ChapterPage');
const editor = page(() => import('./resources/editor-page.js'), 'EditorPage');
const list = page(() => import('./resources/list-page.js'), 'ListPage');
const wizard = page(() => import('./wizard/create-page.js'), 'CreatePage');
const resource = page(() => import('./resources/resource-page.js'), 'ResourcePage');

const PENDING_MS = 500;

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const at = { getParentRoute: () => root };

/** Every page of the console, loaded when it is opened. What a page shows is in its address, so that it can be sent to somebody. */
const routeTree = root.addChildren([
  createRoute({ ...at, path: '/', component: home }),
  createRoute({ ...at, path: '/issues', component: issues, validateSearch: issuesSearch }),
  createRoute({ ...at, path: '/audit', component: audit, validateSearch: auditSearch }),
  createRoute({ ...at, path: '/tokens', component: tokens }),
  createRoute({ ...at, path: '/slos', component: slos }),
  createRoute({ ...at, path: '/decisions', component: holds }),
  createRoute({ ...at, path: '/sessions', component: sessions, validateSearch: sessionsSearch }),
  createRoute({ ...at, path: '/roles', component: roles }),
  createRoute({ ...at, path: '/people', component: people, validateSearch: peopleSearch }),
  createRoute({ ...at, path: '/service-accounts', component: serviceAccounts, validateSearch: accountSearch }),
  createRoute({ ...at, path: '/account', component: account }),
  createRoute({ ...at, path: '/service', component: service, validateSearch: serviceSearch }),
  createRoute({ ...at, path: '/topology', component: topology, validateSearch: topologySearch }),
  createRoute({ ...at, path: '/revisions', component: revisions, validateSearch: revisionsSearch }),
  createRoute({ ...at, path: '/onboard', component: onboard, validateSearch: onboardSearch }),
  createRoute({ ...at, path: '/create-global-namespace', component: wizard, validateSearch: wizardSearch }),
  createRoute({ ...at, path: '/help', component: help, validateSearch: helpSearch }),
  createRoute({ ...at, path: '/help/$slug', component: chapter }),
  createRoute({ ...at, path: '/help/$slug/$name', component: chapter }),
  createRoute({ ...at, path: '/edit/$slug', component: editor, validateSearch: editorSearch }),
  createRoute({ ...at, path: '/$slug', component: list, validateSearch: listSearch }),
  createRoute({ ...at, path: '/$slug/$name', component: resource, validateSearch: renderedSearch }),
]);

/** The router over the browser's address, or over another history. */
export function createConsoleRouter(history: RouterHistory | undefined) {
  return createRouter({
    routeTree,
    basepath: '/console',
    // A page that takes long to load is told of; until then the one before stays.
    defaultPendingComponent: ComingPage,
    defaultPendingMs: PENDING_MS,
    ...(history === undefined ? {} : { history }),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
