import { useApolloClient, useMutation, useQuery } from '@apollo/client/react';
import { Button, Content, Title } from '@patternfly/react-core';
import { useMemo, useState, type ReactNode } from 'react';
import { mayAll, ViewerRights, type ShownRights } from '../access/viewer-rights.js';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { COPIES } from '../resources/copies.js';
import { CopyLines } from '../resources/copy-as.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { DataTable, type Column } from '../shell/data-table.js';
import { useOpenBefore, useWasOpen } from '../shell/kept-form.js';
import { PageFrame } from '../shell/page-frame.js';
import { FIRST_PLACE, type RowPlace } from '../shell/row-windows.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { useSame } from '../shell/use-same.js';
import { WindowedColumns } from '../shell/windowed-columns.js';
import { inWindow, isFirst, windowsOf } from '../shell/windows-of.js';
import { ActorName } from '../status/actor-name.js';
import { BindingParts, type ShownBinding } from './binding-parts.js';
import { DeleteRoleDialog } from './delete-role-dialog.js';
import { GRANT_FORM, GrantDialog } from './grant-dialog.js';
import { RoleDialog, roleForm } from './role-dialog.js';
import { scopeText } from './scope-text.js';
import { SubjectName, subjectText } from './subject-name.js';
import { Expandable } from '../shell/expandable.js';

const texts = messages.roles;

const Roles = graphql(
  `
    query Roles($first: Int!, $after: String, $offset: Int, $whole: Boolean!) {
      viewer @include(if: $whole) {
        permissions
        ...ViewerRights
      }
      roles @include(if: $whole) {
        name
        builtIn
        description
        permissions
      }
      roleBindings(first: $first, after: $after, offset: $offset) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...BindingParts
        }
      }
    }
  `,
  [BindingParts, ViewerRights],
);

const RevokeRole = graphql(`
  mutation RevokeRole($input: RevokeRoleInput!) {
    revokeRole(input: $input) {
      error {
        message
        issues {
          code
          message
        }
      }
    }
  }
`);

type Data = ResultOf<typeof Roles>;
type Role = NonNullable<Data['roles']>[number];

/** Who holds which role where, and what roles give. */
export function RolesPage(): ReactNode {
  const client = useApolloClient();
  const [isGranting, setGranting] = useState(useWasOpen(GRANT_FORM));
  const [toRevoke, setToRevoke] = useState<ShownBinding | undefined>(undefined);
  const { data } = useQuery(Roles, { variables: variablesAt(FIRST_PLACE) });
  const mayGrant = mayAll(data?.viewer, ['roles.manage']) === true;
  const rights = useSame(data?.viewer);
  const columns = useMemo(() => bindingColumns(rights, mayGrant ? setToRevoke : undefined), [rights, mayGrant]);
  const again = (): void => void client.refetchQueries({ include: [Roles] });
  const actions = (
    <>
      <CopyLines copies={COPIES.bindings} />
      {mayGrant ? <Button onClick={() => setGranting(true)}>{texts.grant}</Button> : null}
    </>
  );
  return (
    <PageFrame title={texts.title} actions={actions}>
      <Title headingLevel="h2">{texts.bindings}</Title>
      <WindowedColumns
        label={texts.bindings}
        columns={columns}
        useRows={useBindings}
        keyOf={({ id }) => id}
        empty={<Nothing title={texts.none} body={texts.noneBody} />}
      />
      {data === undefined ? null : <RoleSection roles={data.roles ?? []} held={heldIn(data) ?? []} again={again} />}
      {isGranting ? (
        <GrantDialog roles={namesOf(data)} held={heldIn(data)} close={() => setGranting(false)} granted={again} />
      ) : null}
      {toRevoke === undefined ? null : (
        <RevokeDialog binding={toRevoke} close={() => setToRevoke(undefined)} revoked={again} />
      )}
    </PageFrame>
  );
}

const heldIn = (data: Data | undefined): readonly string[] | undefined => data?.viewer?.permissions;
const namesOf = (data: Data | undefined): string[] => (data?.roles ?? []).map(({ name }) => name);

/** Everything of the page with its first window; of others, nothing but their rows. */
const variablesAt = (place: RowPlace) => ({ ...inWindow(place), whole: isFirst(place) });

const useBindings = windowsOf({ document: Roles, at: variablesAt, rowsIn: ({ roleBindings }) => roleBindings });

const bindingColumns = (
  rights: ShownRights | undefined,
  revoke: ((one: ShownBinding) => void) | undefined,
): readonly Column<ShownBinding>[] => [
  [texts.who, ({ subject }) => <SubjectName subject={subject} rights={rights} />],
  [texts.role, ({ role }) => role],
  [texts.where, ({ scope }) => scopeText(scope)],
  [texts.until, ({ expiresAt }) => (expiresAt ? <Instant at={expiresAt} /> : texts.always)],
  [
    texts.by,
    ({ by, createdAt }) => (
      <>
        <ActorName actor={by} />
        <Content component="small">
          <Instant at={createdAt} />
        </Content>
      </>
    ),
  ],
  ...(revoke === undefined
    ? []
    : [
        [
          texts.action,
          (one) => (
            <Button variant="secondary" onClick={() => revoke(one)}>
              {texts.revoke}
            </Button>
          ),
        ] satisfies Column<ShownBinding>,
      ]),
];

interface RoleSectionProps {
  roles: readonly Role[];
  held: readonly string[];
  again: () => void;
}

/** The role that was being written when the page was opened. */
function useWrittenBefore(roles: readonly Role[]): Role | 'new' | undefined {
  const custom = roles.filter(({ builtIn }) => !builtIn);
  const form = useOpenBefore([undefined, ...custom].map(roleForm));
  if (form === undefined) return undefined;
  return custom.find((role) => roleForm(role) === form) ?? 'new';
}

/** Roles, and the custom ones among them made, changed and deleted. */
function RoleSection({ roles, held, again }: RoleSectionProps): ReactNode {
  const [written, setWritten] = useState(useWrittenBefore(roles));
  const [toDelete, setToDelete] = useState<Role | undefined>(undefined);
  const mayWrite = held.includes('roles.manage');
  const all = [...new Set(roles.flatMap(({ permissions }) => permissions))];
  return (
    <>
      <Title headingLevel="h2">{texts.roles}</Title>
      <div className="isthmus-page-actions">
        <CopyLines copies={COPIES.roles} />
        {mayWrite ? (
          <Button variant="secondary" onClick={() => setWritten('new')}>
            {messages.customRoles.create}
          </Button>
        ) : null}
      </div>
      <RoleTable roles={roles} mayWrite={mayWrite} write={setWritten} remove={setToDelete} />
      {written === undefined ? null : (
        <RoleDialog
          role={written === 'new' ? undefined : written}
          all={all}
          held={held}
          close={() => setWritten(undefined)}
          done={again}
        />
      )}
      {toDelete === undefined ? null : (
        <DeleteRoleDialog name={toDelete.name} close={() => setToDelete(undefined)} done={again} />
      )}
    </>
  );
}

interface RoleTableProps {
  roles: readonly Role[];
  mayWrite: boolean;
  write: (role: Role) => void;
  remove: (role: Role) => void;
}

function RoleTable({ roles, mayWrite, write, remove }: RoleTableProps): ReactNode {
  return (
    <DataTable
      label={texts.roles}
      rows={roles}
      keyOf={({ name }) => name}
      columns={[
        [texts.role, ({ name, builtIn }) => (builtIn ? name : `${name} (${texts.custom})`)],
        [texts.description, ({ description }) => description],
        [
          texts.gives,
          ({ permissions }) => (
            <Expandable title={texts.permissions(permissions.length)}>{permissions.join(', ')}</Expandable>
          ),
        ],
        [
          texts.action,
          (role) =>
            role.builtIn || !mayWrite ? null : (
              <>
                <Button
                  variant="secondary"
                  aria-label={messages.customRoles.change(role.name)}
                  onClick={() => write(role)}
                >
                  {messages.resource.edit}
                </Button>{' '}
                <Button
                  variant="danger"
                  aria-label={messages.customRoles.remove(role.name)}
                  onClick={() => remove(role)}
                >
                  {messages.resource.remove}
                </Button>
              </>
            ),
        ],
      ]}
    />
  );
}

interface RevokeDialogProps {
  binding: ShownBinding;
  close: () => void;
  revoked: () => void;
}

function RevokeDialog({ binding, close, revoked }: RevokeDialogProps): ReactNode {
  const [revoke, { data, error, loading }] = useMutation(RevokeRole, {
    variables: { input: { bindingId: binding.id } },
  });
  const confirm = async (): Promise<void> => {
    const answer = await revoke();
    if (!answer.data || answer.data.revokeRole.error) return;
    revoked();
    close();
  };
  return (
    <ConfirmDialog
      title={texts.ask(binding.role, subjectText(binding.subject))}
      action={texts.revoke}
      error={error}
      refusal={data?.revokeRole.error?.message}
      isBusy={loading}
      close={close}
      confirm={() => void confirm()}
    >
      {texts.brings(scopeText(binding.scope))}
    </ConfirmDialog>
  );
}
