import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Content, Label, Switch } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { sessionsSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { PageFrame } from '../shell/page-frame.js';
import { useRowsAtHand } from '../shell/rows-at-hand.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { WindowedColumns } from '../shell/windowed-columns.js';

const texts = messages.sessions;

const Sessions = graphql(`
  query Sessions($all: Boolean!) {
    viewer {
      permissions
    }
    sessions(all: $all) {
      id
      kind
      device
      ip
      createdAt
      seenAt
      expiresAt
      checkedAt
      checkFault
      isCurrent
      viewerCanEnd
      account {
        id
        name
        provider
      }
    }
  }
`);

const EndSession = graphql(`
  mutation EndSession($id: ID!) {
    endSession(sessionId: $id) {
      error {
        message
      }
    }
  }
`);

type Row = ResultOf<typeof Sessions>['sessions'][number];

/** Where one is signed in, or where everybody is, and the end of it. */
export function SessionsPage(): ReactNode {
  const { all = false } = useAddress(sessionsSearch);
  const change = useChangeAddress<{ all?: boolean }>();
  const [toEnd, setToEnd] = useState<Row | undefined>(undefined);
  const { data, error, refetch } = useQuery(Sessions, { variables: { all } });
  const again = (): void => void refetch();
  const mayManage = data?.viewer.permissions.includes('sessions.manage') === true;
  return (
    <PageFrame title={texts.title} lead={all ? texts.leadAll : texts.lead}>
      {mayManage || all ? (
        <Switch
          id="all-sessions"
          label={texts.all}
          isChecked={all}
          onChange={(_, checked) => change(checked ? { all: true } : {})}
        />
      ) : null}
      <Asked data={data} error={error} again={again}>
        {({ sessions }) =>
          sessions.length === 0 ? (
            <Nothing title={texts.none} body={texts.noneBody} />
          ) : (
            <SessionTable sessions={sessions} end={setToEnd} />
          )
        }
      </Asked>
      {toEnd === undefined ? null : <EndDialog session={toEnd} close={() => setToEnd(undefined)} ended={again} />}
    </PageFrame>
  );
}

function SessionTable({ sessions, end }: { sessions: readonly Row[]; end: (session: Row) => void }): ReactNode {
  const useRows = useRowsAtHand(sessions);
  return (
    <WindowedColumns
      label={texts.title}
      useRows={useRows}
      empty={null}
      keyOf={({ id }) => id}
      columns={[
        [
          texts.who,
          ({ account, isCurrent }) => (
            <>
              {account?.name ?? messages.states.unknown}{' '}
              {isCurrent ? (
                <Label isCompact status="info">
                  {texts.current}
                </Label>
              ) : null}
              <Content component="small">{account?.provider}</Content>
            </>
          ),
        ],
        [texts.device, ({ kind, device }) => `${kind.toLowerCase()}: ${device}`],
        [texts.from, ({ ip }) => ip],
        [texts.seen, ({ seenAt }) => <Instant at={seenAt} />],
        [texts.expires, ({ expiresAt }) => <Instant at={expiresAt} />],
        [
          texts.checked,
          ({ checkedAt, checkFault }) => (
            <>
              {checkedAt ? <Instant at={checkedAt} /> : texts.nobody}
              {checkFault ? <Content component="small">{checkFault}</Content> : null}
            </>
          ),
        ],
        [
          texts.action,
          (one) =>
            one.viewerCanEnd ? (
              <Button variant="secondary" onClick={() => end(one)}>
                {texts.end}
              </Button>
            ) : null,
        ],
      ]}
    />
  );
}

interface EndDialogProps {
  session: Row;
  close: () => void;
  ended: () => void;
}

function EndDialog({ session, close, ended }: EndDialogProps): ReactNode {
  const [end, { data, error, loading }] = useMutation(EndSession, { variables: { id: session.id } });
  const confirm = async (): Promise<void> => {
    const answer = await end();
    if (!answer.data || answer.data.endSession.error) return;
    ended();
    close();
  };
  return (
    <ConfirmDialog
      title={texts.ask(session.account?.name ?? messages.states.unknown)}
      action={texts.end}
      error={error}
      refusal={data?.endSession.error?.message}
      isBusy={loading}
      close={close}
      confirm={() => void confirm()}
    >
      {session.isCurrent ? texts.bringsYours : texts.brings}
    </ConfirmDialog>
  );
}
