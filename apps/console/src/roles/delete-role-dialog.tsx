import { useMutation } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';

const texts = messages.customRoles;

const DeleteCustomRole = graphql(`
  mutation DeleteCustomRole($input: DeleteCustomRoleInput!) {
    deleteCustomRole(input: $input) {
      error {
        message
      }
    }
  }
`);

interface DeleteRoleProps {
  name: string;
  close: () => void;
  done: () => void;
}

/** Deletes a custom role after its name was written; the server refuses as long as somebody holds it. */
export function DeleteRoleDialog({ name, close, done }: DeleteRoleProps): ReactNode {
  const [remove, { data, error, loading }] = useMutation(DeleteCustomRole, { variables: { input: { name } } });
  const confirm = async (): Promise<void> => {
    const answer = await remove();
    if (!answer.data || answer.data.deleteCustomRole.error) return;
    done();
    close();
  };
  return (
    <ConfirmDialog
      title={messages.removal.title(texts.one, name)}
      action={messages.removal.confirm}
      name={name}
      error={error}
      refusal={data?.deleteCustomRole.error?.message}
      isBusy={loading}
      close={close}
      confirm={() => void confirm()}
    >
      {texts.removes}
    </ConfirmDialog>
  );
}
