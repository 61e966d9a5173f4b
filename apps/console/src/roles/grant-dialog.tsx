import { useMutation } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import type { ResourceKind } from '../resources/kinds.js';
import { resourceOptions } from '../resources/resource-names.js';
import { FormDialog } from '../shell/form-dialog.js';
import { Choice, WordInput } from '../shell/form-inputs.js';
import { useKeptForm } from '../shell/kept-form.js';
import { SearchChoice } from '../shell/search-choice.js';
import { NOTHING_CHOSEN, type Chosen } from '../shell/search-list.js';
import { idWritten, mayFind, subjectOptions, type SubjectKind } from './subject-search.js';

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

type ScopeKind = keyof typeof texts.scopes;

interface Wish {
  subjectKind: SubjectKind;
  whom: Chosen;
  role: string;
  scopeKind: ScopeKind;
  place: Chosen;
}

/** Under which name it is kept what is filled in. */
export const GRANT_FORM = 'grant a role';

const NO_WISH: Wish = {
  ...{ subjectKind: 'USER', whom: NOTHING_CHOSEN },
  ...{ role: 'Viewer', scopeKind: 'ORGANIZATION', place: NOTHING_CHOSEN },
};

interface GrantDialogProps {
  /** Names of the roles that there are. */
  roles: readonly string[];
  /** What the viewer holds in the whole organization; undefined until it is known. */
  held: readonly string[] | undefined;
  close: () => void;
  granted: () => void;
}

/** Grants a role; what the server finds wrong is shown with its number. */
export function GrantDialog({ roles, held, close, granted }: GrantDialogProps): ReactNode {
  const { value: wish, change, draft } = useKeptForm(GRANT_FORM, NO_WISH);
  const [grant, { data, error, loading }] = useMutation(GrantRole);
  const refusal = data?.grantRole.error;
  const submit = async (): Promise<void> => {
    const { subjectKind, whom, role, scopeKind, place } = wish;
    const scope = scopeKind === 'ORGANIZATION' ? { kind: scopeKind } : { kind: scopeKind, name: place.id };
    const answer = await grant({ variables: { input: { subjectKind, subject: whom.id, role, scope } } });
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
      mayConfirm={wish.whom.id !== '' && (wish.scopeKind === 'ORGANIZATION' || wish.place.id !== '')}
      draft={draft}
      close={close}
      confirm={() => void submit()}
    >
      <GrantForm wish={wish} change={change} roles={roles} held={held} />
    </FormDialog>
  );
}

interface GrantFormProps extends Pick<GrantDialogProps, 'roles' | 'held'> {
  wish: Wish;
  change: (part: Partial<Wish>) => void;
}

function GrantForm({ wish, change, roles, held }: GrantFormProps): ReactNode {
  return (
    <>
      <Choice
        label={texts.whom}
        id="grant-kind"
        value={wish.subjectKind}
        options={texts.subjects}
        choose={(subjectKind) => change({ subjectKind, whom: NOTHING_CHOSEN })}
      />
      <WhomChoice key={`whom ${wish.subjectKind}`} wish={wish} change={change} held={held} />
      <Choice
        label={texts.role}
        id="grant-role"
        value={wish.role}
        options={Object.fromEntries(roles.map((role) => [role, role]))}
        choose={(role) => change({ role })}
      />
      <Choice
        label={texts.where}
        id="grant-scope"
        value={wish.scopeKind}
        options={texts.scopes}
        choose={(scopeKind) => change({ scopeKind, place: NOTHING_CHOSEN })}
      />
      {wish.scopeKind === 'ORGANIZATION' ? null : (
        <SearchChoice
          key={`place ${wish.scopeKind}`}
          label={texts.scopeName[wish.scopeKind]}
          id="grant-scope-name"
          isRequired
          value={wish.place}
          write={(place) => change({ place })}
          useOptions={resourceOptions(SCOPE_KINDS[wish.scopeKind])}
          idOf={(text) => text}
        />
      )}
    </>
  );
}

/** What a scope of each kind is the name of. */
const SCOPE_KINDS: Readonly<Record<Exclude<ScopeKind, 'ORGANIZATION'>, ResourceKind>> = {
  PROJECT: 'Project',
  GLOBAL_NAMESPACE: 'GlobalNamespace',
  CLUSTER_GROUP: 'ClusterGroup',
};

/** Found by name, by whoever may know of others; or else given by id. */
function WhomChoice({ wish, change, held }: Omit<GrantFormProps, 'roles'>): ReactNode {
  const { subjectKind: kind, whom } = wish;
  const isFound = mayFind(kind, held);
  const help = isFound ? (kind === 'GROUP' ? texts.groupHelp : undefined) : texts.mayNotFind;
  const common = { id: 'grant-subject', isRequired: true, ...(help === undefined ? {} : { help }) };
  if (!isFound)
    return (
      <WordInput
        {...common}
        label={texts.subjectId[kind]}
        value={whom.id}
        write={(id) => change({ whom: { id: id.trim(), text: id } })}
      />
    );
  return (
    <SearchChoice
      {...common}
      label={texts.subject[kind]}
      value={whom}
      write={(next) => change({ whom: next })}
      useOptions={subjectOptions(kind)}
      idOf={idWritten(kind)}
      hint={messages.searchChoice.hint}
    />
  );
}
