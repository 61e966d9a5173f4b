import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Label } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { COPIES } from '../resources/copies.js';
import { CopyLines } from '../resources/copy-as.js';
import { accountSearch } from '../search-params.js';
import { useAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { DataTable } from '../shell/data-table.js';
import { FormDialog } from '../shell/form-dialog.js';
import { WordInput } from '../shell/form-inputs.js';
import { useKeptForm, useWasOpen } from '../shell/kept-form.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { isLive } from '../tokens/token-table.js';
import { AccountParts, type ShownAccount } from './account-parts.js';
import { ServiceAccountView } from './service-account-view.js';

const texts = messages.serviceAccounts;

const ServiceAccounts = graphql(
  `
    query ServiceAccounts {
      serviceAccounts {
        ...AccountParts
      }
    }
  `,
  [AccountParts],
);

const CreateServiceAccount = graphql(
  `
    mutation CreateServiceAccount($input: CreateServiceAccountInput!) {
      createServiceAccount(input: $input) {
        error {
          ...RefusalParts
        }
      }
    }
  `,
  [RefusalParts],
);

/** Programs that have roles and tokens of their own; one of them, where the address names it. */
export function ServiceAccountsPage(): ReactNode {
  const { name } = useAddress(accountSearch);
  return name === undefined ? <ServiceAccountList /> : <ServiceAccountView key={name} name={name} />;
}

function ServiceAccountList(): ReactNode {
  const [isMaking, setMaking] = useState(useWasOpen(FORM));
  const { data, error, refetch } = useQuery(ServiceAccounts);
  const again = (): void => void refetch();
  const actions = (
    <>
      <CopyLines copies={COPIES.serviceAccounts} />
      {data === undefined ? null : <Button onClick={() => setMaking(true)}>{texts.create}</Button>}
    </>
  );
  return (
    <PageFrame title={texts.title} lead={texts.lead} actions={actions}>
      <Asked data={data} error={error} again={again}>
        {({ serviceAccounts }) =>
          serviceAccounts.length === 0 ? (
            <Nothing title={texts.none} body={texts.noneBody} />
          ) : (
            <AccountTable accounts={serviceAccounts} />
          )
        }
      </Asked>
      {isMaking ? <MakeDialog close={() => setMaking(false)} made={again} /> : null}
    </PageFrame>
  );
}

function AccountTable({ accounts }: { accounts: readonly ShownAccount[] }): ReactNode {
  return (
    <DataTable
      label={texts.title}
      rows={accounts}
      keyOf={({ id }) => id}
      columns={[
        [
          texts.name,
          ({ name }) => (
            <Link to="/service-accounts" search={{ name }}>
              {name}
            </Link>
          ),
        ],
        [texts.description, ({ description }) => description],
        [texts.tokens, ({ tokens }) => texts.live(tokens.filter(isLive).length)],
        [messages.tokens.created, ({ createdAt }) => <Instant at={createdAt} />],
        [
          texts.state,
          ({ disabledAt }) => (
            <Label status={disabledAt ? 'warning' : 'success'}>{disabledAt ? texts.disabled : texts.enabled}</Label>
          ),
        ],
      ]}
    />
  );
}

/** Under which name it is kept what is filled in. */
const FORM = 'service account';

function MakeDialog({ close, made }: { close: () => void; made: () => void }): ReactNode {
  const { value: wish, change, draft } = useKeptForm(FORM, { name: '', description: '' });
  const [create, { data, error, loading }] = useMutation(CreateServiceAccount);
  const submit = async (): Promise<void> => {
    const answer = await create({ variables: { input: wish } });
    if (!answer.data || answer.data.createServiceAccount.error) return;
    draft.forget();
    made();
    close();
  };
  return (
    <FormDialog
      id="service-account"
      title={texts.create}
      error={error}
      refusal={data?.createServiceAccount.error}
      isBusy={loading}
      mayConfirm={wish.name !== ''}
      draft={draft}
      close={close}
      confirm={() => void submit()}
    >
      <WordInput
        id="service-account-name"
        label={texts.name}
        isRequired
        value={wish.name}
        write={(name) => change({ name })}
      />
      <WordInput
        id="service-account-description"
        label={texts.description}
        value={wish.description}
        write={(description) => change({ description })}
      />
    </FormDialog>
  );
}
