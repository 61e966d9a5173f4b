import { useQuery } from '@apollo/client/react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import type { FoundOptions, Option } from '../shell/search-list.js';
import type { ShownBinding } from './binding-parts.js';

const MOST = 50;

const Subjects = graphql(`
  query Subjects(
    $text: String!
    $first: Int!
    $people: Boolean!
    $groups: Boolean!
    $programs: Boolean!
    $tokens: Boolean!
  ) {
    search(text: $text, first: $first) {
      accounts @include(if: $people) {
        id
        name
        email
        provider
      }
      groups @include(if: $groups)
      serviceAccounts @include(if: $programs) {
        id
        name
        description
      }
      apiTokens @include(if: $tokens) {
        id
        name
        prefix
      }
    }
  }
`);

export type SubjectKind = ShownBinding['subject']['kind'];
type Found = ResultOf<typeof Subjects>['search'];

const byPrefix = (prefix: string): string => messages.roles.tokenBegins(prefix);

function optionsIn({ accounts, groups, serviceAccounts, apiTokens }: Found): Option[] {
  return [
    ...(accounts ?? []).map(({ id, name, email, provider }) => ({
      ...{ id, note: provider, text: email === null ? name : `${name} (${email})` },
    })),
    ...(groups ?? []).map((id) => ({ id, text: id })),
    ...(serviceAccounts ?? []).map(({ id, name, description }) => ({
      ...{ id, text: name, ...(description === '' ? {} : { note: description }) },
    })),
    ...(apiTokens ?? []).map(({ id, name, prefix }) => ({ id, text: name, note: byPrefix(prefix) })),
  ];
}

/** A hook that finds those of a kind to whom roles are granted, by a part of a name or address. */
export function subjectOptions(kind: SubjectKind): (text: string, isWanted: boolean) => FoundOptions {
  const sorts = {
    ...{ people: kind === 'USER', groups: kind === 'GROUP' },
    ...{ programs: kind === 'SERVICE_ACCOUNT', tokens: kind === 'TOKEN' },
  };
  return function useSubjects(text, isWanted) {
    const isAsked = text !== '' && isWanted;
    const { data, error, refetch } = useQuery(Subjects, {
      variables: { text, first: MOST + 1, ...sorts },
      skip: !isAsked,
    });
    const found = data && optionsIn(data.search);
    return {
      options: text === '' ? [] : found?.slice(0, MOST),
      isMore: (found?.length ?? 0) > MOST,
      error,
      again: () => void refetch(),
    };
  };
}

/** What looking for one of a kind takes, held in the whole organization; of groups some are known to whoever grants roles. */
const NEEDED: Readonly<Record<SubjectKind, string | undefined>> = {
  USER: 'sessions.manage',
  GROUP: undefined,
  SERVICE_ACCOUNT: 'tokens.manage',
  TOKEN: 'tokens.manage',
};

/** Whether somebody who holds these permissions finds one of the kind; true as long as it is not known what is held. */
export function mayFind(kind: SubjectKind, held: readonly string[] | undefined): boolean {
  const needed = NEEDED[kind];
  return needed === undefined || held === undefined || held.includes(needed);
}

/** Ids are long, have digits and no spaces, and nobody writes one by hand. */
const looksLikeId = (text: string): boolean => /^[\w=-]{20,}$/.test(text) && /\d/.test(text);

/** The id that a written text stands for: any text may be a group, and ids come from elsewhere. */
export function idWritten(kind: SubjectKind): (text: string) => string {
  return (text) => (kind === 'GROUP' || looksLikeId(text) ? text : '');
}
