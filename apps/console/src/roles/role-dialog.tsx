import { useMutation } from '@apollo/client/react';
import { Checkbox } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { FormDialog } from '../shell/form-dialog.js';
import { WordInput } from '../shell/form-inputs.js';
import { useKeptForm } from '../shell/kept-form.js';
import { permissionTable } from './permission-table.js';

const texts = messages.customRoles;

const PutCustomRole = graphql(
  `
    mutation PutCustomRole($input: PutCustomRoleInput!) {
      putCustomRole(input: $input) {
        error {
          ...RefusalParts
        }
      }
    }
  `,
  [RefusalParts],
);

export interface WrittenRole {
  name: string;
  description: string;
  permissions: readonly string[];
}

/** Under which name it is kept what is filled in of a role that is changed, or of a new one. */
export const roleForm = (role: Pick<WrittenRole, 'name'> | undefined): string =>
  role === undefined ? 'role' : `role ${role.name}`;

function writtenOf(role: WrittenRole | undefined): WrittenRole {
  const { name = '', description = '', permissions = [] } = role ?? {};
  return { name, description, permissions };
}

interface RoleDialogProps {
  /** The role that is changed; nothing: a new one is made. */
  role: WrittenRole | undefined;
  /** Every permission that there is. */
  all: readonly string[];
  /** What the viewer holds in the whole organization: nobody gives more. */
  held: readonly string[];
  close: () => void;
  done: () => void;
}

/** Makes or changes a custom role: what it gives is ticked in a table of kinds and verbs. */
export function RoleDialog({ role, all, held, close, done }: RoleDialogProps): ReactNode {
  const { value: wish, change, draft } = useKeptForm<WrittenRole>(roleForm(role), writtenOf(role));
  const [put, { data, error, loading }] = useMutation(PutCustomRole);
  const submit = async (): Promise<void> => {
    const answer = await put({ variables: { input: { ...wish, permissions: [...wish.permissions] } } });
    if (!answer.data || answer.data.putCustomRole.error) return;
    draft.forget();
    done();
    close();
  };
  const tick = (permission: string, on: boolean): void => {
    const others = wish.permissions.filter((one) => one !== permission);
    change({ permissions: on ? [...others, permission] : others });
  };
  return (
    <FormDialog
      id="role"
      title={role === undefined ? texts.create : texts.change(role.name)}
      action={texts.save}
      error={error}
      refusal={data?.putCustomRole.error}
      isBusy={loading}
      mayConfirm={wish.name !== '' && wish.permissions.length > 0}
      draft={draft}
      close={close}
      confirm={() => void submit()}
    >
      <WordInput
        id="role-name"
        label={texts.name}
        isRequired
        isReadOnly={role !== undefined}
        value={wish.name}
        write={(text) => change({ name: text })}
      />
      <WordInput
        id="role-description"
        label={texts.description}
        value={wish.description}
        write={(description) => change({ description })}
      />
      <PermissionTable all={all} held={held} given={wish.permissions} tick={tick} />
    </FormDialog>
  );
}

interface PermissionTableProps {
  all: readonly string[];
  held: readonly string[];
  given: readonly string[];
  tick: (permission: string, on: boolean) => void;
}

function PermissionTable({ all, held, given, tick }: PermissionTableProps): ReactNode {
  const { rows, verbs, others } = permissionTable(all);
  const box = (permission: string, label?: string): ReactNode => (
    <Checkbox
      id={`role-${permission}`}
      aria-label={permission}
      label={label}
      isChecked={given.includes(permission)}
      isDisabled={!held.includes(permission) && !given.includes(permission)}
      onChange={(_, on) => tick(permission, on)}
    />
  );
  return (
    <>
      <p>{texts.help}</p>
      {others.map((permission) => (
        <div key={permission}>{box(permission, permission)}</div>
      ))}
      <Table aria-label={messages.roles.gives} variant="compact">
        <Thead>
          <Tr>
            <Th>{texts.kind}</Th>
            {verbs.map((verb) => (
              <Th key={verb}>{verb}</Th>
            ))}
          </Tr>
        </Thead>
        <Tbody>
          {rows.map((kind) => (
            <Tr key={kind}>
              <Td dataLabel={texts.kind}>{kind}</Td>
              {verbs.map((verb) => (
                <Td key={verb} dataLabel={verb}>
                  {all.includes(`${kind}.${verb}`) ? box(`${kind}.${verb}`) : null}
                </Td>
              ))}
            </Tr>
          ))}
        </Tbody>
      </Table>
    </>
  );
}
