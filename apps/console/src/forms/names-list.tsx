import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { ALL_KINDS, KINDS, type ResourceKind } from '../resources/kinds.js';
import { ResourceNames } from '../resources/resource-names.js';
import { useFormState } from './form-context.js';

const ServiceNames = graphql(`
  query ServiceNames($filter: ResourceFilter!) {
    globalNamespaces(first: 20, filter: $filter) {
      nodes {
        id
        services(first: 100) {
          nodes {
            id
            name
          }
        }
      }
    }
  }
`);

const NamespaceNames = graphql(`
  query NamespaceNames {
    clusters(first: 20) {
      nodes {
        id
        inventory {
          namespaces(first: 100) {
            nodes {
              name
            }
          }
        }
      }
    }
  }
`);

interface NamesListProps {
  id: string;
  /** What the field names: a kind, or what clusters report; nothing as long as nobody writes there. */
  named: string;
  /** What stands in the field. */
  text: string;
}

/** Names that a field can be completed to. */
export function NamesList({ id, named, text }: NamesListProps): ReactNode {
  if (named === '') return <Options id={id} names={[]} />;
  const kind = ALL_KINDS.find((one) => one === named);
  if (kind === 'Project') return <OfProjects id={id} text={text} />;
  if (kind !== undefined) return <OfKind id={id} kind={kind} text={text} />;
  return named === 'Service' ? <OfServices id={id} /> : <OfNamespaces id={id} />;
}

function OfKind({ id, kind, text }: { id: string; kind: ResourceKind; text: string }): ReactNode {
  const { project } = useFormState();
  const place = KINDS[kind].inProject ? { project } : {};
  const { data } = useQuery(ResourceNames, { variables: { kind, filter: place } });
  const isMore = data?.resources.pageInfo.hasNextPage === true;
  const found = useQuery(ResourceNames, { variables: { kind, filter: { ...place, search: text } }, skip: !isMore });
  return <Options id={id} names={((isMore ? found.data : data)?.resources.nodes ?? []).map(({ name }) => name)} />;
}

function OfProjects({ id, text }: { id: string; text: string }): ReactNode {
  const { projects } = useFormState();
  return projects === undefined ? <OfKind id={id} kind="Project" text={text} /> : <Options id={id} names={projects} />;
}

function OfServices({ id }: { id: string }): ReactNode {
  const { project } = useFormState();
  const { data } = useQuery(ServiceNames, { variables: { filter: { project } } });
  const names = data?.globalNamespaces.nodes.flatMap(({ services }) => services.nodes.map(({ name }) => name));
  return <Options id={id} names={names ?? []} />;
}

function OfNamespaces({ id }: { id: string }): ReactNode {
  const { data } = useQuery(NamespaceNames);
  const names = data?.clusters.nodes.flatMap(
    ({ inventory }) => inventory?.namespaces.nodes.map(({ name }) => name) ?? [],
  );
  return <Options id={id} names={names ?? []} />;
}

function Options({ id, names }: { id: string; names: readonly string[] }): ReactNode {
  return (
    <datalist id={id}>
      {[...new Set(names)].sort().map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}
