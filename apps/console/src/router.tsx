import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent as later,
  type RouterHistory,
} from '@tanstack/react-router';
import {
  auditSearch,
  editorSearch,
  issuesSearch,
  listSearch,
  onboardSearch,
  resourceSearch,
  tokensSearch,
} from './search-params.js';
import { NotFound } from './shell/not-found.js';
import { Shell } from './shell/shell.js';

const home = later(() => import('./home/home-page.js'), 'HomePage');
const issues = later(() => import('./issues/issues-page.js'), 'IssuesPage');
const audit = later(() => import('./audit/audit-page.js'), 'AuditPage');
const tokens = later(() => import('./tokens/tokens-page.js'), 'TokensPage');
const onboard = later(() => import('./clusters/onboard-page.js'), 'OnboardPage');
const editor = later(() => import('./resources/editor-page.js'), 'EditorPage');
const list = later(() => import('./resources/list-page.js'), 'ListPage');
const resource = later(() => import('./resources/resource-page.js'), 'ResourcePage');

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const at = { getParentRoute: () => root };

/** Every page of the console, loaded when it is opened. What a page shows is in its address, so that it can be sent to somebody. */
const routeTree = root.addChildren([
  createRoute({ ...at, path: '/', component: home }),
  createRoute({ ...at, path: '/issues', component: issues, validateSearch: issuesSearch }),
  createRoute({ ...at, path: '/audit', component: audit, validateSearch: auditSearch }),
  createRoute({ ...at, path: '/tokens', component: tokens, validateSearch: tokensSearch }),
  createRoute({ ...at, path: '/onboard', component: onboard, validateSearch: onboardSearch }),
  createRoute({ ...at, path: '/edit/$slug', component: editor, validateSearch: editorSearch }),
  createRoute({ ...at, path: '/$slug', component: list, validateSearch: listSearch }),
  createRoute({ ...at, path: '/$slug/$name', component: resource, validateSearch: resourceSearch }),
]);

/** The router over the browser's address, or over another history. */
export function createConsoleRouter(history: RouterHistory | undefined) {
  return createRouter({ routeTree, basepath: '/console', ...(history === undefined ? {} : { history }) });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
