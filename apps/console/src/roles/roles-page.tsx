import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Content, Title } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { graphql, type ResultOf } from '../connection/graphql.js';
import { messages } from '../messages/messages.js';
import { Pager } from '../resources/pager.js';
import { pageSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { ConfirmDialog } from '../shell/confirm-dialog.js';
import { DataTable } from '../shell/data-table.js';
import { PageFrame } from '../shell/page-frame.js';
import { Nothing } from '../shell/states.js';
import { Instant } from '../shell/times.js';
import { BindingParts, type ShownBinding } from './binding-parts.js';
import { DeleteRoleDialog } from './delete-role-dialog.js';
import { GrantDialog } from './grant-dialog.js';
import { RoleDialog } from './role-dialog.js';
import { scopeText } from './scope-text.js';
import { Expandable } from '../shell/expandable.js';

const texts = messages.roles;

const Roles = graphql(
  `
    query Roles($first: Int!, $after: String) {
      viewer {
        permissions
      }
      roles {
        name
        builtIn
        description
        permissions
      }
      roleBindings(first: $first, after: $after) {
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
  [BindingParts],
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
type Role = Data['roles'][number];

/** Who holds which role where, and what roles give. */
export function RolesPage(): ReactNode {
  const { after } = useAddress(pageSearch);
  const change = useChangeAddress<{ after?: string | undefined }>();
  const [isGranting, setGranting] = useState(false);
  const [toRevoke, setToRevoke] = useState<ShownBinding | undefined>(undefined);
  const { data, error, refetch } = useQuery(Roles, { variables: { first: 50, after: after ?? null } });
  const again = (): void => void refetch();
  const actions = <Button onClick={() => setGranting(true)}>{texts.grant}</Button>;
  return (
    <PageFrame title={texts.title} actions={actions}>
      <Asked data={data} error={error} again={again}>
        {({ viewer, roles, roleBindings }) => (
          <>
            <Title headingLevel="h2">{texts.bindings}</Title>
            {roleBindings.nodes.length === 0 ? (
              <Nothing title={texts.none} body={texts.noneBody} />
            ) : (
              <Bindings bindings={roleBindings.nodes} revoke={setToRevoke} />
            )}
            <Pager page={roleBindings} isFirst={after === undefined} go={(to) => change({ after: to })} />
            <Title headingLevel="h2">{texts.roles}</Title>
            <RoleSection roles={roles} held={viewer.permissions} again={again} />
          </>
        )}
      </Asked>
      {isGranting ? (
        <GrantDialog
          roles={data?.roles.map(({ name }) => name) ?? []}
          close={() => setGranting(false)}
          granted={again}
        />
      ) : null}
      {toRevoke === undefined ? null : (
        <RevokeDialog binding={toRevoke} close={() => setToRevoke(undefined)} revoked={again} />
      )}
    </PageFrame>
  );
}

const subjectText = ({ subject: { kind, id } }: ShownBinding): string => `${texts.subjects[kind]} ${id}`;

function Bindings({
  bindings,
  revoke,
}: {
  bindings: readonly ShownBinding[];
  revoke: (one: ShownBinding) => void;
}): ReactNode {
  return (
    <DataTable
      label={texts.bindings}
      rows={bindings}
      keyOf={({ id }) => id}
      columns={[
        [texts.who, subjectText],
        [texts.role, ({ role }) => role],
        [texts.where, ({ scope }) => scopeText(scope)],
        [texts.until, ({ expiresAt }) => (expiresAt ? <Instant at={expiresAt} /> : texts.always)],
        [
          texts.by,
          ({ createdBy, createdAt }) => (
            <>
              {createdBy}
              <Content component="small">
                <Instant at={createdAt} />
              </Content>
            </>
          ),
        ],
        [
          texts.action,
          (one) => (
            <Button variant="secondary" onClick={() => revoke(one)}>
              {texts.revoke}
            </Button>
          ),
        ],
      ]}
    />
  );
}

interface RoleSectionProps {
  roles: readonly Role[];
  held: readonly string[];
  again: () => void;
}

/** Roles, and the custom ones among them made, changed and deleted. */
function RoleSection({ roles, held, again }: RoleSectionProps): ReactNode {
  const [written, setWritten] = useState<Role | 'new' | undefined>(undefined);
  const [toDelete, setToDelete] = useState<Role | undefined>(undefined);
  const all = [...new Set(roles.flatMap(({ permissions }) => permissions))];
  return (
    <>
      <Button variant="secondary" onClick={() => setWritten('new')}>
        {messages.customRoles.create}
      </Button>
      <RoleTable roles={roles} write={setWritten} remove={setToDelete} />
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
  write: (role: Role) => void;
  remove: (role: Role) => void;
}

function RoleTable({ roles, write, remove }: RoleTableProps): ReactNode {
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
            role.builtIn ? null : (
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
      title={texts.ask(binding.role, subjectText(binding))}
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
