import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, Title } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { BindingParts, type ShownBinding } from '../roles/binding-parts.js';
import { scopeText } from '../roles/scope-text.js';
import { Asked } from '../shell/asked.js';
import { DataTable } from '../shell/data-table.js';
import { useWasOpen } from '../shell/kept-form.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { ActorName } from '../status/actor-name.js';
import { Facts } from '../status/facts.js';
import { RevokeTokenDialog } from '../tokens/revoke-token-dialog.js';
import { TokenTable, type ShownToken } from '../tokens/token-table.js';
import { AccountParts, type ShownAccount } from './account-parts.js';
import { DeleteAccountDialog } from './delete-account-dialog.js';
import { MakeTokenDialog, tokenForm } from './make-token-dialog.js';

const texts = messages.serviceAccounts;

const ServiceAccount = graphql(
  `
    query ServiceAccount($name: String!) {
      serviceAccount(name: $name) {
        ...AccountParts
        roleBindings(first: 100) {
          totalCount
          nodes {
            ...BindingParts
          }
        }
      }
      roles {
        name
      }
    }
  `,
  [AccountParts, BindingParts],
);

const DisableServiceAccount = graphql(`
  mutation DisableServiceAccount($id: String!) {
    disableServiceAccount(id: $id) {
      error {
        message
      }
    }
  }
`);

const EnableServiceAccount = graphql(`
  mutation EnableServiceAccount($id: String!) {
    enableServiceAccount(id: $id) {
      error {
        message
      }
    }
  }
`);

/** One service account: what it may do, its tokens, and its end. */
export function ServiceAccountView({ name }: { name: string }): ReactNode {
  const { data, error, refetch } = useQuery(ServiceAccount, { variables: { name } });
  const again = (): void => void refetch();
  const account = data?.serviceAccount;
  if (!data || !account)
    return (
      <PageFrame title={name}>
        <Asked data={data} error={error} again={again}>
          {() => <Nothing title={texts.missing(name)} body={messages.resource.missingBody} />}
        </Asked>
      </PageFrame>
    );
  const { nodes, totalCount } = account.roleBindings;
  const roles = data.roles.map((role) => role.name);
  return <Account {...{ account, grants: nodes, total: totalCount ?? nodes.length, roles, again }} />;
}

interface AccountProps {
  account: ShownAccount;
  grants: readonly ShownBinding[];
  /** How many grants there are, which may be more than are shown. */
  total: number;
  roles: readonly string[];
  again: () => void;
}

function Account({ account, grants, total, roles, again }: AccountProps): ReactNode {
  const [open, setOpen] = useState<'token' | 'delete' | ShownToken | undefined>(
    useWasOpen(tokenForm(account)) ? 'token' : undefined,
  );
  const close = (): void => setOpen(undefined);
  const actions = (
    <>
      <Button onClick={() => setOpen('token')}>{messages.tokens.create}</Button>{' '}
      <Switch account={account} again={again} />{' '}
      <Button variant="danger" onClick={() => setOpen('delete')}>
        {messages.resource.remove}
      </Button>
    </>
  );
  return (
    <PageFrame title={account.name} lead={texts.one} actions={actions}>
      {account.disabledAt ? <Alert isInline variant="warning" component="h2" title={texts.disabledBody} /> : null}
      <Facts
        facts={[
          [texts.description, account.description],
          [texts.id, <code key="id">{account.id}</code>],
          [texts.by, <ActorName key="by" actor={account.by} />],
          [messages.tokens.created, <Instant key="created" at={account.createdAt} />],
        ]}
      />
      <Title headingLevel="h2">{texts.grants}</Title>
      <Grants grants={grants} />
      {total > grants.length ? <p>{messages.holds.shown(grants.length)}</p> : null}
      <Title headingLevel="h2">{texts.tokens}</Title>
      {account.tokens.length === 0 ? (
        <p>{texts.noTokens}</p>
      ) : (
        <TokenTable label={texts.tokens} tokens={account.tokens} revoke={setOpen} />
      )}
      {open === 'token' ? <MakeTokenDialog account={account} roles={roles} close={close} made={again} /> : null}
      {open === 'delete' ? <DeleteAccountDialog {...{ account, grants, total, close }} /> : null}
      {typeof open === 'object' ? <RevokeTokenDialog token={open} close={close} revoked={again} /> : null}
    </PageFrame>
  );
}

function Grants({ grants }: { grants: readonly ShownBinding[] }): ReactNode {
  if (grants.length === 0)
    return (
      <p>
        {texts.noGrants} <Link to="/roles">{messages.roles.title}</Link>
      </p>
    );
  return (
    <DataTable
      label={texts.grants}
      rows={grants}
      keyOf={({ id }) => id}
      columns={[
        [messages.roles.role, ({ role }) => role],
        [messages.roles.where, ({ scope }) => scopeText(scope)],
        [messages.roles.until, ({ expiresAt }) => (expiresAt ? <Instant at={expiresAt} /> : messages.roles.always)],
      ]}
    />
  );
}

/** Stops the account, or lets it work again: both can be undone, and so nothing is asked. */
function Switch({ account: { id, disabledAt }, again }: { account: ShownAccount; again: () => void }): ReactNode {
  const [disable, disabling] = useMutation(DisableServiceAccount, { variables: { id } });
  const [enable, enabling] = useMutation(EnableServiceAccount, { variables: { id } });
  const refusal =
    disabling.data?.disableServiceAccount.error ??
    enabling.data?.enableServiceAccount.error ??
    disabling.error ??
    enabling.error;
  const act = async (): Promise<void> => {
    await (disabledAt ? enable() : disable());
    again();
  };
  return (
    <>
      <Button variant="secondary" isLoading={disabling.loading || enabling.loading} onClick={() => void act()}>
        {disabledAt ? texts.enable : texts.disable}
      </Button>
      {refusal ? <Alert isInline isPlain variant="danger" component="h2" title={refusal.message} /> : null}
    </>
  );
}
