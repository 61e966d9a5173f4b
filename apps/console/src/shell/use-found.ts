import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { graphql } from '../connection/graphql.js';
import type { DocSearch } from '../help/doc-search.js';
import { helpMessages } from '../help/help-messages.js';
import { KINDS } from '../resources/kinds.js';
import { COMMANDS, matching, type Command } from './commands.js';

const LEAST = 2;
const MOST = 10;
/** Of what is written somewhere in a chapter, where pages and resources match, too. */
const MOST_PLACES = 4;
const WRITING_MS = 150;

const Find = graphql(`
  query Find($first: Int!, $search: String!) {
    resources(first: $first, filter: { search: $search }) {
      nodes {
        id
        kind
        name
        projectName
      }
    }
  }
`);

/** What a text is once nobody has changed it for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), WRITING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
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

/** Pages and chapters that match a text, resources whose names do, and where it is written in the documentation. */
export function useFound(text: string): Command[] {
  const search = useSettled(text);
  const isAsked = search.length >= LEAST;
  const { data } = useQuery(Find, { variables: { first: MOST, search }, skip: !isAsked });
  const places = usePlaces(search);
  const resources = isAsked ? (data?.resources.nodes ?? []) : [];
  const pages = matching(COMMANDS, text);
  const known = new Set(pages.map(({ to }) => to));
  const others = places.filter(({ to, hash }) => hash !== undefined || !known.has(to));
  const found = [
    ...pages,
    ...resources.map(({ kind, name, projectName }): Command => ({
      title: `${name} (${KINDS[kind].one}${projectName && KINDS[kind].inProject ? `, ${projectName}` : ''})`,
      to: `/${KINDS[kind].slug}/${encodeURIComponent(name)}`,
      search: projectName && KINDS[kind].inProject ? { project: projectName } : {},
    })),
  ].slice(0, MOST);
  return [...found, ...others.slice(0, Math.max(MOST_PLACES, MOST - found.length))];
}
