import { useMutation } from '@apollo/client/react';
import {
  Alert,
  Button,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { IssueList } from '../issues/issue-list.js';
import { IssueParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { Failed } from '../shell/states.js';

const texts = messages.roles;

const GrantRole = graphql(
  `
    mutation GrantRole($input: GrantRoleInput!) {
      grantRole(input: $input) {
        error {
          message
          issues {
            ...IssueParts
          }
        }
      }
    }
  `,
  [IssueParts],
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

interface GrantDialogProps {
  /** Names of the roles that there are. */
  roles: readonly string[];
  close: () => void;
  granted: () => void;
}

/** Grants a role; what the server finds wrong is shown with its number. */
export function GrantDialog({ roles, close, granted }: GrantDialogProps): ReactNode {
  const [wish, setWish] = useState<Wish>({
    subjectKind: 'USER',
    subject: '',
    role: 'Viewer',
    scopeKind: 'ORGANIZATION',
    scope: '',
  });
  const [grant, { data, error, loading }] = useMutation(GrantRole);
  const refusal = data?.grantRole.error;
  const submit = async (): Promise<void> => {
    const { subjectKind, subject, role, scopeKind, scope } = wish;
    const where = scopeKind === 'ORGANIZATION' ? { kind: scopeKind } : { kind: scopeKind, name: scope };
    const answer = await grant({ variables: { input: { subjectKind, subject, role, scope: where } } });
    if (!answer.data || answer.data.grantRole.error) return;
    granted();
    close();
  };
  return (
    <Modal isOpen variant="medium" onClose={close} aria-labelledby="grant-title">
      <ModalHeader title={texts.grant} labelId="grant-title" />
      <ModalBody>
        {error === undefined ? null : <Failed error={error} />}
        {refusal ? <Alert isInline variant="danger" title={refusal.message} /> : null}
        {refusal && refusal.issues.length > 0 ? <IssueList issues={refusal.issues} /> : null}
        <GrantForm wish={wish} change={setWish} roles={roles} submit={() => void submit()} />
      </ModalBody>
      <ModalFooter>
        <Button isDisabled={loading || wish.subject === ''} isLoading={loading} onClick={() => void submit()}>
          {texts.grant}
        </Button>
        <Button variant="link" onClick={close}>
          {messages.editor.cancel}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

interface GrantFormProps {
  wish: Wish;
  change: (wish: Wish) => void;
  roles: readonly string[];
  submit: () => void;
}

function GrantForm({ wish, change, roles, submit }: GrantFormProps): ReactNode {
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Choice
        label={texts.whom}
        id="grant-kind"
        value={wish.subjectKind}
        options={texts.subjects}
        choose={(subjectKind) => change({ ...wish, subjectKind })}
      />
      <FormGroup label={texts.subject} fieldId="grant-subject" isRequired>
        <TextInput
          id="grant-subject"
          isRequired
          autoComplete="off"
          value={wish.subject}
          onChange={(_, subject) => change({ ...wish, subject })}
        />
      </FormGroup>
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
        <FormGroup label={texts.scopeName[wish.scopeKind]} fieldId="grant-scope-name" isRequired>
          <TextInput
            id="grant-scope-name"
            isRequired
            autoComplete="off"
            value={wish.scope}
            onChange={(_, scope) => change({ ...wish, scope })}
          />
        </FormGroup>
      )}
    </Form>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  id: string;
  value: T;
  options: Readonly<Record<T, string>>;
  choose: (value: T) => void;
}

function Choice<T extends string>({ label, id, value, options, choose }: ChoiceProps<T>): ReactNode {
  return (
    <FormGroup label={label} fieldId={id}>
      <FormSelect id={id} value={value} onChange={(_, chosen) => choose(chosen as T)}>
        {Object.entries<string>(options).map(([one, title]) => (
          <FormSelectOption key={one} value={one} label={title} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}
