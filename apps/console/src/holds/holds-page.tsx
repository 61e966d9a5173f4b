import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Content } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { Pager } from '../resources/pager.js';
import { ResourceLink } from '../resources/resource-link.js';
import { pageSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { DataTable } from '../shell/data-table.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { Expandable } from '../shell/expandable.js';

const texts = messages.holds;

const HeldRemovals = graphql(`
  query HeldRemovals($first: Int!, $after: String) {
    holds(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        kind
        count
        items
        since
        heldSetHash
        approvedAt
        approvedBy
        viewerCanApprove
        cluster {
          id
          name
        }
        globalNamespace {
          id
          name
          projectName
        }
      }
    }
  }
`);

const ApproveRemoval = graphql(`
  mutation ApproveRemoval($input: ApprovePruneInput!) {
    approvePrune(input: $input) {
      error {
        message
      }
    }
  }
`);

type Held = ResultOf<typeof HeldRemovals>['holds']['nodes'][number];

/** Removals that wait for a person, and what each would remove. */
export function HoldsPage(): ReactNode {
  const { after } = useAddress(pageSearch);
  const change = useChangeAddress<{ after?: string | undefined }>();
  const [toApprove, setToApprove] = useState<Held | undefined>(undefined);
  const { data, error, refetch } = useQuery(HeldRemovals, { variables: { first: 50, after: after ?? null } });
  const again = (): void => void refetch();
  return (
    <PageFrame title={texts.title} lead={texts.lead}>
      <Asked data={data} error={error} again={again}>
        {({ holds }) => (
          <>
            {holds.nodes.length === 0 ? (
              <Nothing title={texts.none} />
            ) : (
              <HeldTable held={holds.nodes} approve={setToApprove} />
            )}
            <Pager page={holds} isFirst={after === undefined} go={(to) => change({ after: to })} />
          </>
        )}
      </Asked>
      {toApprove === undefined ? null : (
        <ApproveDialog held={toApprove} close={() => setToApprove(undefined)} approved={again} />
      )}
    </PageFrame>
  );
}

function HeldTable({ held, approve }: { held: readonly Held[]; approve: (held: Held) => void }): ReactNode {
  return (
    <DataTable
      label={texts.title}
      rows={held}
      keyOf={({ id }) => id}
      columns={[
        [texts.what, ({ kind }) => texts.kinds[kind]],
        [texts.where, (one) => <Where held={one} />],
        [texts.removes, (one) => <Items held={one} />],
        [texts.since, ({ since }) => <Instant at={since} />],
        [
          texts.decision,
          (one) => {
            if (one.approvedAt)
              return (
                <>
                  {texts.approved(one.approvedBy ?? '')}, <Instant at={one.approvedAt} />
                </>
              );
            if (!one.viewerCanApprove) return texts.notYours;
            return (
              <Button variant="secondary" onClick={() => approve(one)}>
                {texts.approve}
              </Button>
            );
          },
        ],
      ]}
    />
  );
}

function Where({ held: { cluster, globalNamespace } }: { held: Held }): ReactNode {
  return (
    <>
      {globalNamespace ? (
        <ResourceLink kind="GlobalNamespace" name={globalNamespace.name} project={globalNamespace.projectName} />
      ) : null}{' '}
      {cluster ? <ResourceLink kind="Cluster" name={cluster.name} /> : null}
    </>
  );
}

function Items({ held }: { held: Held }): ReactNode {
  return (
    <Expandable title={messages.list.total(held.count)}>
      <ItemList held={held} />
    </Expandable>
  );
}

function ItemList({ held: { items, count } }: { held: Held }): ReactNode {
  return (
    <>
      <ul className="isthmus-plain">
        {items.map((item) => (
          <li key={item}>
            <code>{item}</code>
          </li>
        ))}
      </ul>
      {items.length < count ? <Content component="small">{texts.shown(items.length)}</Content> : null}
    </>
  );
}

interface ApproveDialogProps {
  held: Held;
  close: () => void;
  approved: () => void;
}

/** The very set that is shown is approved: another one is refused by its hash. */
function ApproveDialog({ held, close, approved }: ApproveDialogProps): ReactNode {
  const { id: holdId, heldSetHash, count } = held;
  const [approve, { data, error, loading }] = useMutation(ApproveRemoval, {
    variables: { input: { holdId, heldSetHash } },
  });
  const confirm = async (): Promise<void> => {
    const answer = await approve();
    if (!answer.data || answer.data.approvePrune.error) return;
    approved();
    close();
  };
  const name = (held.globalNamespace ?? held.cluster)?.name;
  return (
    <ConfirmDialog
      title={texts.ask}
      action={texts.approve}
      {...(name === undefined ? {} : { name })}
      error={error}
      refusal={data?.approvePrune.error?.message}
      isBusy={loading}
      close={close}
      confirm={() => void confirm()}
    >
      <Content component="p">{texts.brings(count)}</Content>
      <ItemList held={held} />
    </ConfirmDialog>
  );
}
