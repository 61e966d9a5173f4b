import { useMutation } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { FormDialog } from '../shell/form-dialog.js';
import { Choice, WordInput } from '../shell/form-inputs.js';
import { useKeptForm } from '../shell/kept-form.js';

const texts = messages.roles;

const GrantRole = graphql(
  `
    mutation GrantRole($input: GrantRoleInput!) {
      grantRole(input: $input) {
        error {
          ...RefusalParts
        }
      }
    }
  `,
  [RefusalParts],
);

type SubjectKind = keyof typeof texts.subjects;
type ScopeKind = keyof typeof texts.scopes;

interface Wish {
  subjectKind: SubjectKind;
  subject: string;
  role: string;
  scopeKind: ScopeKind;
  scope: string;
}

/** Under which name it is kept what is filled in. */
export const GRANT_FORM = 'grant a role';

const NO_WISH: Wish = { subjectKind: 'USER', subject: '', role: 'Viewer', scopeKind: 'ORGANIZATION', scope: '' };

interface GrantDialogProps {
  /** Names of the roles that there are. */
  roles: readonly string[];
  close: () => void;
  granted: () => void;
}

/** Grants a role; what the server finds wrong is shown with its number. */
export function GrantDialog({ roles, close, granted }: GrantDialogProps): ReactNode {
  const { value: wish, change, draft } = useKeptForm(GRANT_FORM, NO_WISH);
  const [grant, { data, error, loading }] = useMutation(GrantRole);
  const refusal = data?.grantRole.error;
  const submit = async (): Promise<void> => {
    const { subjectKind, subject, role, scopeKind, scope } = wish;
    const where = scopeKind === 'ORGANIZATION' ? { kind: scopeKind } : { kind: scopeKind, name: scope };
    const answer = await grant({ variables: { input: { subjectKind, subject, role, scope: where } } });
    if (!answer.data || answer.data.grantRole.error) return;
    draft.forget();
    granted();
    close();
  };
  return (
    <FormDialog
      id="grant"
      title={texts.grant}
      error={error}
      refusal={refusal}
      isBusy={loading}
      mayConfirm={wish.subject !== ''}
      draft={draft}
      close={close}
      confirm={() => void submit()}
    >
      <GrantForm wish={wish} change={change} roles={roles} />
    </FormDialog>
  );
}

interface GrantFormProps {
  wish: Wish;
  change: (wish: Wish) => void;
  roles: readonly string[];
}

function GrantForm({ wish, change, roles }: GrantFormProps): ReactNode {
  return (
    <>
      <Choice
        label={texts.whom}
        id="grant-kind"
        value={wish.subjectKind}
        options={texts.subjects}
        choose={(subjectKind) => change({ ...wish, subjectKind })}
      />
      <WordInput
        label={texts.subject}
        id="grant-subject"
        isRequired
        value={wish.subject}
        write={(subject) => change({ ...wish, subject })}
      />
      <Choice
        label={texts.role}
        id="grant-role"
        value={wish.role}
        options={Object.fromEntries(roles.map((role) => [role, role]))}
        choose={(role) => change({ ...wish, role })}
      />
      <Choice
        label={texts.where}
        id="grant-scope"
        value={wish.scopeKind}
        options={texts.scopes}
        choose={(scopeKind) => change({ ...wish, scopeKind })}
      />
      {wish.scopeKind === 'ORGANIZATION' ? null : (
        <WordInput
          label={texts.scopeName[wish.scopeKind]}
          id="grant-scope-name"
          isRequired
          value={wish.scope}
          write={(scope) => change({ ...wish, scope })}
        />
      )}
    </>
  );
}
