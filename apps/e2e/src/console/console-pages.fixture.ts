import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Pages of the console in the demo, and with which operations each is opened: one, where it shows anything of the server. */
export const ASKED_BY: Readonly<Record<string, readonly string[]>> = {
  '/': ['Home'],
  '/issues': ['Issues'],
  '/issues?severity=ERROR': ['Issues'],
  '/clusters': ['Resources'],
  '/clusters/east': ['Resource'],
  '/clusters/east?tab=yaml': ['Resource'],
  '/clusters/east?tab=history': ['Resource'],
  '/clusters/east?tab=issues': ['Resource'],
  '/clusters/east?tab=rendered': ['Resource'],
  '/clusters/east?tab=rendered&of=default/bookinfo': ['Resource'],
  '/global-namespaces/bookinfo?project=default&tab=rendered': ['Resource'],
  '/global-namespaces/bookinfo?project=default&tab=rendered&of=west&kind=PeerAuthentication': ['Resource'],
  '/create-global-namespace': ['WizardPlaces'],
  '/create-global-namespace?step=members': ['WizardPlaces'], // nothing is filled in yet
  '/create-global-namespace?step=access': ['WizardPlaces'],
  '/create-global-namespace?step=review': ['WizardPlaces'],
  '/cluster-groups': ['Resources'],
  '/global-namespaces': ['Resources'],
  '/global-namespaces/bookinfo?project=default': ['Resource'],
  '/edit/global-namespaces?name=bookinfo&project=default': ['Edited'],
  '/edit/traffic-policies': ['Places'],
  '/edit/traffic-policies?project=default&view=yaml': ['Places'],
  '/encryption-policies/bookinfo-strict?project=default': ['Resource'],
  '/onboard': ['Onboarding'],
  '/onboard?cluster=east': ['Onboarding'],
  '/audit': ['AuditLog'],
  '/audit?subjectKind=Cluster': ['AuditLog'],
  '/tokens': ['Tokens'],
  '/projects': ['Resources'],
  '/slos': ['Objectives'],
  '/decisions': ['HeldRemovals'],
  '/sessions?all=true': ['Sessions'],
  '/roles': ['Roles'],
  '/people': ['People'],
  '/people?search=nobody': ['People'],
  '/service-accounts': ['ServiceAccounts'],
  '/service-accounts?name=nobody': ['ServiceAccount'],
  '/account': ['Me'],
  '/service?gns=bookinfo&project=default&host=reviews.bookinfo.global': ['Service'],
  '/revisions?gns=bookinfo&project=default&from=1&to=1': ['Revisions'],
  '/revisions?gns=bookinfo&project=default': ['Revisions'],
  '/help': [],
  '/help?search=burn%20rate': [],
  '/help/roles': [],
  '/help/capabilities': [],
  '/help/issues': [],
  '/help/issues/ISM0434': [],
  '/help/policies/traffic-policy': [],
  '/topology': ['TopologySubjects'],
  '/topology?gns=bookinfo&project=default': ['Topology'],
  '/topology?gns=bookinfo&project=default&view=table': ['Topology'],
  '/topology?cluster=east&group=version': ['Topology'],
  '/topology?gns=bookinfo&project=default&node=service/default/bookinfo/reviews.bookinfo.global': ['Topology'],
};

export const PAGES = Object.keys(ASKED_BY);

/** Every path that the router of the console knows, as it is written there. */
export function routerPaths(): string[] {
  const router = fileURLToPath(new URL('../../../console/src/router.tsx', import.meta.url));
  return [...readFileSync(router, 'utf8').matchAll(/\.\.\.at, path: '([^']+)'/g)].map(([, path = '']) => path);
}

/** Pages at a path of the router, where `$name` is any part that no other path names. */
export function pagesAt(path: string): string[] {
  const others = routerPaths().filter((one) => !one.includes('$'));
  const pattern = new RegExp(`^${path.replace(/\$\w+/g, '[^/]+')}$`);
  return PAGES.filter((page) => {
    const [place = ''] = page.split('?');
    return pattern.test(place) && (!path.includes('$') || !others.includes(place));
  });
}
