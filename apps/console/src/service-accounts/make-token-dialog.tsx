import { useMutation } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { WordInput } from '../shell/form-inputs.js';
import { useKeptForm } from '../shell/kept-form.js';
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

/** Under which name it is kept what is filled in. */
export const tokenForm = ({ id }: ShownAccount): string => `token of ${id}`;

/** Makes a token of a service account, and shows it once. */
export function MakeTokenDialog({ account, roles, close, made }: MakeTokenProps): ReactNode {
  const { value, change, draft } = useKeptForm(`${tokenForm(account)} place`, { project: '', globalNamespace: '' });
  const { project, globalNamespace } = value;
  const [create, { data, error, loading }] = useMutation(CreateServiceAccountToken);
  const make = async (wish: TokenWish<string>): Promise<void> => {
    const place = { ...text(project, 'project'), ...text(globalNamespace, 'globalNamespace') };
    const { data: done } = await create({ variables: { input: { serviceAccountId: account.id, ...wish, ...place } } });
    if (done?.createServiceAccountToken.ok) made();
  };
  return (
    <TokenDialog<string>
      form={tokenForm(account)}
      roles={Object.fromEntries(roles.map((role) => [role, role]))}
      role="Viewer"
      roleLabel={texts.most}
      answer={data?.createServiceAccountToken}
      error={error}
      isBusy={loading}
      close={() => {
        draft.forget();
        close();
      }}
      make={(wish) => void make(wish)}
    >
      <WordInput id="token-project" label={texts.project} value={project} write={(name) => change({ project: name })} />
      <WordInput
        id="token-gns"
        label={texts.globalNamespace}
        value={globalNamespace}
        write={(name) => change({ globalNamespace: name })}
      />
    </TokenDialog>
  );
}
