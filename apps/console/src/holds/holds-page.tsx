import { useApolloClient, useMutation } from '@apollo/client/react';
import { Button, Content } from '@patternfly/react-core';
import { useMemo, useState, type ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { COPIES } from '../resources/copies.js';
import { CopyLines } from '../resources/copy-as.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import type { Column } from '../shell/data-table.js';
import { Expandable } from '../shell/expandable.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { WindowedColumns } from '../shell/windowed-columns.js';
import { inWindow, windowsOf } from '../shell/windows-of.js';
import { ActorParts, actorText } from '../status/actor-name.js';
import { HoldSubjects } from './hold-subjects.js';

const texts = messages.holds;

const HeldRemovals = graphql(
  `
    query HeldRemovals($first: Int!, $after: String, $offset: Int) {
      holds(first: $first, after: $after, offset: $offset) {
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
          approver {
            ...ActorParts
          }
          viewerCanApprove
          clusterName
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
  `,
  [ActorParts],
);

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
  const client = useApolloClient();
  const [toApprove, setToApprove] = useState<Held | undefined>(undefined);
  const columns = useMemo(() => columnsOf(setToApprove), []);
  const again = (): void => void client.refetchQueries({ include: [HeldRemovals] });
  return (
    <PageFrame title={texts.title} lead={texts.lead} actions={<CopyLines copies={COPIES.holds} />}>
      <WindowedColumns
        label={texts.title}
        columns={columns}
        useRows={useHeld}
        keyOf={({ id }) => id}
        empty={<Nothing title={texts.none} />}
      />
      {toApprove === undefined ? null : (
        <ApproveDialog held={toApprove} close={() => setToApprove(undefined)} approved={again} />
      )}
    </PageFrame>
  );
}

const useHeld = windowsOf({ document: HeldRemovals, at: inWindow, rowsIn: ({ holds }) => holds });

const columnsOf = (approve: (held: Held) => void): readonly Column<Held>[] => [
  [texts.what, ({ kind }) => texts.kinds[kind]],
  [texts.where, (one) => <HoldSubjects {...one} />],
  [texts.removes, (one) => <Items held={one} />],
  [texts.since, ({ since }) => <Instant at={since} />],
  [texts.decision, (one) => <Decision held={one} approve={approve} />],
];

function Decision({ held, approve }: { held: Held; approve: (held: Held) => void }): ReactNode {
  if (held.approvedAt)
    return (
      <>
        {texts.approved(held.approver ? actorText(held.approver) : messages.states.unknown)},{' '}
        <Instant at={held.approvedAt} />
      </>
    );
  if (!held.viewerCanApprove) return texts.notYours;
  return (
    <Button variant="secondary" onClick={() => approve(held)}>
      {texts.approve}
    </Button>
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
  const name = held.globalNamespace?.name ?? held.clusterName ?? undefined;
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
