import { useMutation } from '@apollo/client/react';
import { useState, type ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { FormDialog } from '../shell/form-dialog.js';
import { Choice, WordInput } from '../shell/form-inputs.js';
import { SecretOnce } from '../tokens/secret-once.js';
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
  const [wish, setWish] = useState({ name: '', role: 'Viewer', days: '90', project: '', globalNamespace: '' });
  const [create, { data, error, loading }] = useMutation(CreateServiceAccountToken);
  const answer = data?.createServiceAccountToken;
  const submit = async (): Promise<void> => {
    const { name, role, days, project, globalNamespace } = wish;
    const place = { ...text(project, 'project'), ...text(globalNamespace, 'globalNamespace') };
    const input = { serviceAccountId: account.id, name, role, expiresInDays: Number(days), ...place };
    const { data: done } = await create({ variables: { input } });
    if (done?.createServiceAccountToken.ok) made();
  };
  const field = (key: keyof typeof wish) => ({
    id: `token-${key}`,
    value: wish[key],
    write: (value: string) => setWish({ ...wish, [key]: value }),
  });
  return (
    <FormDialog
      id="service-account-token"
      title={messages.tokens.create}
      error={error}
      refusal={answer?.error}
      isBusy={loading}
      mayConfirm={wish.name !== ''}
      close={close}
      confirm={() => void submit()}
      done={answer?.ok ? <SecretOnce secret={answer.ok.secret} /> : undefined}
    >
      <WordInput {...field('name')} label={texts.name} isRequired />
      <Choice
        id="token-role"
        label={texts.most}
        value={wish.role}
        options={Object.fromEntries(roles.map((role) => [role, role]))}
        choose={(role) => setWish({ ...wish, role })}
      />
      <WordInput {...field('project')} label={texts.project} />
      <WordInput {...field('globalNamespace')} label={texts.globalNamespace} />
      <WordInput {...field('days')} label={messages.tokens.days} type="number" />
    </FormDialog>
  );
}
