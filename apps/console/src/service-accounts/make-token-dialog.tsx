import { useMutation } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { resourceOptions } from '../resources/resource-names.js';
import { useKeptForm } from '../shell/kept-form.js';
import { SearchChoice } from '../shell/search-choice.js';
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

const given = (value: string, key: string): Record<string, string> => (value === '' ? {} : { [key]: value });
const asItIs = (text: string): string => text;

/** Where the token counts; global namespaces that are found are told as `project/name`. */
function placeOf(project: string, globalNamespace: string): Record<string, string> {
  const [, ofProject, name] = /^([^/]*)\/(.+)$/.exec(globalNamespace) ?? [];
  return { ...given(ofProject ?? project, 'project'), ...given(name ?? globalNamespace, 'globalNamespace') };
}

/** Under which name it is kept what is filled in. */
export const tokenForm = ({ id }: ShownAccount): string => `token of ${id}`;

/** Makes a token of a service account, and shows it once. */
export function MakeTokenDialog({ account, roles, close, made }: MakeTokenProps): ReactNode {
  const { value, change, draft } = useKeptForm(`${tokenForm(account)} place`, { project: '', globalNamespace: '' });
  const { project, globalNamespace } = value;
  const [create, { data, error, loading }] = useMutation(CreateServiceAccountToken);
  const make = async (wish: TokenWish<string>): Promise<void> => {
    const place = placeOf(project.trim(), globalNamespace.trim());
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
      <SearchChoice
        id="token-project"
        label={texts.project}
        value={{ id: project, text: project }}
        write={({ text: name }) => change({ project: name, globalNamespace: '' })}
        useOptions={resourceOptions('Project')}
        idOf={asItIs}
      />
      <SearchChoice
        key={`of ${project}`}
        id="token-gns"
        label={texts.globalNamespace}
        value={{ id: globalNamespace, text: globalNamespace }}
        write={({ text: name }) => change({ globalNamespace: name })}
        useOptions={resourceOptions('GlobalNamespace', project)}
        idOf={asItIs}
      />
    </TokenDialog>
  );
}
