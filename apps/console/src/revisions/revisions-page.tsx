import { useQuery } from '@apollo/client/react';
import { Content, Form, FormGroup, FormSelect, FormSelectOption, Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { DiffView } from '../resources/diff-view.js';
import { KINDS } from '../resources/kinds.js';
import { ResourceLink } from '../resources/resource-link.js';
import { revisionsSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { instantText, useTimes } from '../shell/times.js';
import { Expandable } from '../shell/expandable.js';

const texts = messages.revisions;

const Revisions = graphql(`
  query Revisions($gns: String!, $project: String, $from: Int!, $to: Int!) {
    globalNamespace(name: $gns, project: $project) {
      id
      revisions(first: 100) {
        nodes {
          id
          number
          createdAt
        }
      }
      revisionDiff(from: $from, to: $to) {
        from
        to
        changes {
          name
          change
          diff
        }
      }
    }
  }
`);

type Namespace = NonNullable<ResultOf<typeof Revisions>['globalNamespace']>;

/** What differs between two revisions of a global namespace. */
export function RevisionsPage(): ReactNode {
  const search = useAddress(revisionsSearch);
  const { gns = '', project, from = 1, to = 1 } = search;
  const { data, error, refetch } = useQuery(Revisions, { variables: { gns, project: project ?? null, from, to } });
  const lead = (
    <>
      {messages.service.of} <ResourceLink kind="GlobalNamespace" name={gns} project={project} />
    </>
  );
  return (
    <PageFrame title={texts.title} lead={lead}>
      <Asked data={data} error={error} again={() => void refetch()}>
        {({ globalNamespace }) =>
          globalNamespace ? (
            <>
              <Between namespace={globalNamespace} />
              <Changes diff={globalNamespace.revisionDiff} />
            </>
          ) : (
            <Nothing
              title={messages.resource.missing(KINDS.GlobalNamespace.one, gns)}
              body={messages.resource.missingBody}
            />
          )
        }
      </Asked>
    </PageFrame>
  );
}

function Between({ namespace }: { namespace: Namespace }): ReactNode {
  const search = useAddress(revisionsSearch);
  const change = useChangeAddress<typeof search>();
  const { zone } = useTimes();
  const { from = 1, to = 1 } = search;
  const choice = (id: 'from' | 'to', value: number): ReactNode => (
    <FormGroup label={texts[id]} fieldId={id}>
      <FormSelect
        id={id}
        value={String(value)}
        onChange={(_, chosen) => change({ ...search, [id]: Number(chosen) }, { replace: true })}
      >
        {namespace.revisions.nodes.map(({ id: key, number, createdAt }) => (
          <FormSelectOption
            key={key}
            value={String(number)}
            label={`${messages.gns.revision(number)}, ${instantText(createdAt, zone)}`}
          />
        ))}
      </FormSelect>
    </FormGroup>
  );
  return (
    <Form isHorizontal>
      {choice('from', from)}
      {choice('to', to)}
    </Form>
  );
}

const STATUS = { ADDED: 'success', CHANGED: 'warning', REMOVED: 'danger' } as const;

function Changes({ diff }: { diff: Namespace['revisionDiff'] }): ReactNode {
  if (!diff) return <Nothing title={texts.missing} body={texts.missingBody} />;
  if (diff.changes.length === 0) return <Content component="p">{texts.same}</Content>;
  return diff.changes.map(({ name, change, diff: text }) => (
    <Expandable
      key={name}
      isIndented
      title={
        <>
          <Label isCompact status={STATUS[change]}>
            {change.toLowerCase()}
          </Label>{' '}
          {name}
        </>
      }
    >
      <DiffView label={name} diff={text} />
    </Expandable>
  ));
}
