import { useMutation } from '@apollo/client/react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import type { ShownBinding } from '../roles/binding-parts.js';
import { scopeText } from '../roles/scope-text.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { isLive } from '../tokens/token-table.js';
import type { ShownAccount } from './account-parts.js';

const texts = messages.serviceAccounts;

const DeleteServiceAccount = graphql(`
  mutation DeleteServiceAccount($id: String!) {
    deleteServiceAccount(id: $id) {
      error {
        message
      }
    }
  }
`);

interface DeleteProps {
  account: ShownAccount;
  grants: readonly ShownBinding[];
  /** How many grants there are, which may be more than are shown. */
  total: number;
  close: () => void;
}

/** Deletes a service account after it was said what ends with it, and its name was written. */
export function DeleteAccountDialog({ account, grants, total, close }: DeleteProps): ReactNode {
  const navigate = useNavigate();
  const [remove, { data, error, loading }] = useMutation(DeleteServiceAccount, { variables: { id: account.id } });
  const tokens = account.tokens.filter(isLive);
  const confirm = async (): Promise<void> => {
    const answer = await remove();
    if (!answer.data || answer.data.deleteServiceAccount.error) return;
    await navigate({ to: '/service-accounts' });
  };
  return (
    <ConfirmDialog
      title={messages.removal.title(texts.one, account.name)}
      action={messages.removal.confirm}
      name={account.name}
      error={error}
      refusal={data?.deleteServiceAccount.error?.message}
      isBusy={loading}
      close={close}
      confirm={() => void confirm()}
    >
      <p>{texts.ends(tokens.length, total)}</p>
      <ul>
        {tokens.map(({ id, name, prefix }) => (
          <li key={id}>
            {texts.token(name)} <code>{prefix}</code>
          </li>
        ))}
        {grants.map(({ id, role, scope }) => (
          <li key={id}>
            {role}, {scopeText(scope)}
          </li>
        ))}
      </ul>
      {total > grants.length ? <p>{messages.holds.shown(grants.length)}</p> : null}
    </ConfirmDialog>
  );
}
