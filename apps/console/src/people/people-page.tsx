import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Content, Label } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { COPIES } from '../resources/copies.js';
import { CopyLines } from '../resources/copy-as.js';
import { peopleSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { PageFrame } from '../shell/page-frame.js';
import { SearchBox } from '../shell/search-box.js';
import { useRowsAtHand } from '../shell/rows-at-hand.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { WindowedColumns } from '../shell/windowed-columns.js';

const texts = messages.people;

const People = graphql(`
  query People {
    accounts {
      id
      name
      email
      provider
      groups
      confirmedAt
      signedInAt
      lockedAt
      suspendedReason
      viewerCanLock
    }
  }
`);

const LockAccount = graphql(`
  mutation LockAccount($id: String!) {
    lockAccount(accountId: $id) {
      error {
        message
      }
    }
  }
`);

const UnlockAccount = graphql(`
  mutation UnlockAccount($id: String!) {
    unlockAccount(accountId: $id) {
      error {
        message
      }
    }
  }
`);

type Person = ResultOf<typeof People>['accounts'][number];

/** Who has signed in here, and who may not do so again. */
export function PeoplePage(): ReactNode {
  const { search } = useAddress(peopleSearch);
  const change = useChangeAddress<{ search?: string | undefined }>();
  const [chosen, setChosen] = useState<Person | undefined>(undefined);
  const { data, error, refetch } = useQuery(People);
  const again = (): void => void refetch();
  return (
    <PageFrame title={texts.title} lead={texts.lead} actions={<CopyLines copies={COPIES.people} />}>
      <SearchBox label={texts.search} value={search} change={(next) => change({ search: next })} />
      <Asked data={data} error={error} again={again}>
        {({ accounts }) => {
          const shown = accounts.filter((person) => isMeant(person, search));
          if (shown.length > 0) return <PeopleTable people={shown} choose={setChosen} />;
          if (search === undefined) return <Nothing title={texts.none} body={texts.noneBody} />;
          return (
            <Nothing title={messages.list.noMatch(search)}>
              <Button variant="link" onClick={() => change({})}>
                {messages.list.clear}
              </Button>
            </Nothing>
          );
        }}
      </Asked>
      {chosen === undefined ? null : <LockDialog person={chosen} close={() => setChosen(undefined)} done={again} />}
    </PageFrame>
  );
}

/** True of a person with the text in name or address of mail. */
function isMeant({ name, email, groups }: Person, text: string | undefined): boolean {
  return text === undefined || [name, email ?? '', ...groups].join(' ').toLowerCase().includes(text.toLowerCase());
}

function stateOf({ lockedAt, suspendedReason }: Person): ReactNode {
  if (lockedAt)
    return (
      <>
        <Label status="danger">{texts.locked}</Label>
        <Content component="small">
          <Instant at={lockedAt} />
        </Content>
      </>
    );
  if (suspendedReason) return <Label status="warning">{texts.suspended(suspendedReason)}</Label>;
  return <Label status="success">{texts.active}</Label>;
}

function PeopleTable({ people, choose }: { people: readonly Person[]; choose: (person: Person) => void }): ReactNode {
  const useRows = useRowsAtHand(people);
  return (
    <WindowedColumns
      label={texts.title}
      useRows={useRows}
      empty={null}
      keyOf={({ id }) => id}
      columns={[
        [
          texts.name,
          ({ name, email }) => (
            <>
              {name}
              {email ? <Content component="small">{email}</Content> : null}
            </>
          ),
        ],
        [texts.id, ({ id }) => <code>{id}</code>],
        [texts.provider, ({ provider }) => provider],
        [texts.groups, ({ groups }) => groups.join(', ')],
        [texts.signedIn, ({ signedInAt }) => <Instant at={signedInAt} />],
        [texts.state, stateOf],
        [
          messages.roles.action,
          (person) =>
            person.viewerCanLock ? (
              <Button variant="secondary" aria-label={texts.act(person)} onClick={() => choose(person)}>
                {person.lockedAt ? texts.unlock : texts.lock}
              </Button>
            ) : null,
        ],
      ]}
    />
  );
}

interface LockDialogProps {
  person: Person;
  close: () => void;
  done: () => void;
}

function LockDialog({ person, close, done }: LockDialogProps): ReactNode {
  const { id, lockedAt } = person;
  const [lock, locking] = useMutation(LockAccount, { variables: { id } });
  const [unlock, unlocking] = useMutation(UnlockAccount, { variables: { id } });
  const refusal = locking.data?.lockAccount.error ?? unlocking.data?.unlockAccount.error;
  const confirm = async (): Promise<void> => {
    const refused = lockedAt
      ? await unlock().then(({ data }) => data?.unlockAccount.error)
      : await lock().then(({ data }) => data?.lockAccount.error);
    // Undefined: there was no answer, and the dialog says so.
    if (refused !== null) return;
    done();
    close();
  };
  return (
    <ConfirmDialog
      title={`${texts.act(person)}?`}
      action={lockedAt ? texts.unlock : texts.lock}
      error={locking.error ?? unlocking.error}
      refusal={refusal?.message}
      isBusy={locking.loading || unlocking.loading}
      close={close}
      confirm={() => void confirm()}
    >
      {lockedAt ? texts.unlockBrings : texts.lockBrings}
    </ConfirmDialog>
  );
}
