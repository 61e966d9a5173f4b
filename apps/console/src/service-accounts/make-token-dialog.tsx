import { useMutation } from '@apollo/client/react';
import { useState, type ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { WordInput } from '../shell/form-inputs.js';
import { TokenDialog, type TokenWish } from '../tokens/token-dialog.js';
import type { ShownAccount } from './account-parts.js';

const texts = messages.serviceAccounts;

const CreateServiceAccountToken = graphql(
  `
    mutation CreateServiceAccountToken($input: CreateServiceAccountTokenInput!) {
      createServiceAccountToken(input: $input) {
        ok {
          secret
        }
        error {
          ...RefusalParts
        }
      }
    }
  `,
  [RefusalParts],
);

interface MakeTokenProps {
  account: ShownAccount;
  /** Names of the roles that there are. */
  roles: readonly string[];
  close: () => void;
  made: () => void;
}

const text = (value: string, key: string): Record<string, string> => (value === '' ? {} : { [key]: value });

/** Makes a token of a service account, and shows it once. */
export function MakeTokenDialog({ account, roles, close, made }: MakeTokenProps): ReactNode {
  const [project, setProject] = useState('');
  const [globalNamespace, setGlobalNamespace] = useState('');
  const [create, { data, error, loading }] = useMutation(CreateServiceAccountToken);
  const make = async (wish: TokenWish<string>): Promise<void> => {
    const place = { ...text(project, 'project'), ...text(globalNamespace, 'globalNamespace') };
    const { data: done } = await create({ variables: { input: { serviceAccountId: account.id, ...wish, ...place } } });
    if (done?.createServiceAccountToken.ok) made();
  };
  return (
    <TokenDialog<string>
      roles={Object.fromEntries(roles.map((role) => [role, role]))}
      role="Viewer"
      roleLabel={texts.most}
      answer={data?.createServiceAccountToken}
      error={error}
      isBusy={loading}
      close={close}
      make={(wish) => void make(wish)}
    >
      <WordInput id="token-project" label={texts.project} value={project} write={setProject} />
      <WordInput id="token-gns" label={texts.globalNamespace} value={globalNamespace} write={setGlobalNamespace} />
    </TokenDialog>
  );
}
