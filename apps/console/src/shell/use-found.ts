import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { mayAll, ViewerRights } from '../access/viewer-rights.js';
import { graphql, type ResultOf } from '../connection/graphql.js';
import type { DocSearch } from '../help/doc-search.js';
import { helpMessages } from '../help/help-messages.js';
import { messages } from '../messages/messages.js';
import { KINDS, neededBeside, type ResourceKind } from '../resources/kinds.js';
import { COMMANDS, matching, type Command } from './commands.js';
import { useSettled } from './use-settled.js';

const LEAST = 2;
const MOST = 10;
/** Of what is written somewhere in a chapter, where pages and resources match, too. */
const MOST_PLACES = 4;
const WRITING_MS = 150;

const Find = graphql(
  `
    query Find($first: Int!, $search: String!) {
      viewer {
        ...ViewerRights
        creatableKinds
      }
      search(text: $search, first: $first) {
        resources {
          id
          kind
          name
          projectName
        }
        services {
          host
          globalNamespace {
            id
            name
            projectName
          }
        }
        serviceAccounts {
          name
        }
        accounts {
          id
          name
          provider
        }
      }
    }
  `,
  [ViewerRights],
);

type Found = ResultOf<typeof Find>['search'];
const texts = messages.palette;

const resourceCommand = ({ kind, name, projectName }: Found['resources'][number]): Command => {
  const isInProject = projectName !== null && projectName !== '' && KINDS[kind].inProject;
  return {
    title: `${name} (${KINDS[kind].one}${isInProject ? `, ${projectName}` : ''})`,
    to: `/${KINDS[kind].slug}/${encodeURIComponent(name)}`,
    search: isInProject ? { project: projectName } : {},
  };
};

/** What the server found, the likeliest sorts first. */
function commandsOf({ resources, services, serviceAccounts, accounts }: Found): Command[] {
  return [
    ...resources.map(resourceCommand),
    ...services.map(({ host, globalNamespace: { name, projectName } }) => ({
      title: texts.service(host, name),
      to: '/service',
      search: { gns: name, ...(projectName ? { project: projectName } : {}), host },
    })),
    ...serviceAccounts.map(({ name }) => ({
      title: texts.serviceAccount(name),
      to: '/service-accounts',
      search: { name },
    })),
    ...accounts.map(({ name, provider }) => ({
      title: texts.person(name, provider),
      to: '/people',
      search: { search: name },
    })),
  ];
}

/** Places in the documentation; none until it is read, or where it cannot be. */
function usePlaces(text: string): Command[] {
  const [find, setFind] = useState<{ search: DocSearch } | undefined>(undefined);
  const isWanted = text.length >= LEAST;
  useEffect(() => {
    if (!isWanted || find !== undefined) return;
    import('../help/doc-search.js')
      .then(({ docSearch }) => docSearch())
      .then((search) => setFind({ search }))
      .catch(() => undefined);
  }, [isWanted, find]);
  if (!isWanted || find === undefined) return [];
  return find.search(text).map(({ to, hash, chapter, heading }) => ({
    title: heading === chapter ? helpMessages.chapter(chapter) : `${helpMessages.chapter(chapter)}, ${heading}`,
    to,
    search: {},
    ...(hash === '' ? {} : { hash }),
  }));
}

/** False where the viewer may make none of the kind anywhere; the page itself says where he may. */
function mayMake(kind: ResourceKind, viewer: ResultOf<typeof Find>['viewer'] | undefined): boolean {
  return viewer === undefined || (viewer.creatableKinds.includes(kind) && mayAll(viewer, neededBeside(kind)) === true);
}

/** Pages and chapters that match a text, what the server knows of that name, and where it is written in the documentation. */
export function useFound(text: string): Command[] {
  const search = useSettled(text, WRITING_MS);
  const isAsked = search.length >= LEAST;
  const { data } = useQuery(Find, { variables: { first: MOST, search }, skip: !isAsked });
  const places = usePlaces(search);
  const named = isAsked && data ? commandsOf(data.search) : [];
  const pages = matching(COMMANDS, text).filter(({ makes }) => makes === undefined || mayMake(makes, data?.viewer));
  const known = new Set(pages.map(({ to }) => to));
  const others = places.filter(({ to, hash }) => hash !== undefined || !known.has(to));
  const first = [...pages.slice(0, named.length === 0 ? MOST : MOST / 2), ...named].slice(0, MOST);
  return [...first, ...others.slice(0, Math.max(MOST_PLACES, MOST - first.length))];
}
