import { useMutation } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';

const texts = messages.tokens;

const RevokeToken = graphql(`
  mutation RevokeToken($input: RevokeApiTokenInput!) {
    revokeApiToken(input: $input) {
      error {
        message
      }
    }
  }
`);

interface RevokeProps {
  token: { id: string; name: string };
  close: () => void;
  revoked: () => void;
}

/** Asks before a token is revoked. */
export function RevokeTokenDialog({ token, close, revoked }: RevokeProps): ReactNode {
  const [revoke, { data, error, loading }] = useMutation(RevokeToken, { variables: { input: { tokenId: token.id } } });
  const confirm = async (): Promise<void> => {
    const answer = await revoke();
    if (!answer.data || answer.data.revokeApiToken.error) return;
    revoked();
    close();
  };
  return (
    <ConfirmDialog
      title={texts.revokeTitle(token.name)}
      action={texts.revoke}
      error={error}
      refusal={data?.revokeApiToken.error?.message}
      isBusy={loading}
      close={close}
      confirm={() => void confirm()}
    >
      {texts.revokeBody}
    </ConfirmDialog>
  );
}
