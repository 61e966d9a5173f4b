import { useApolloClient, useMutation } from '@apollo/client/react';
import { Button } from '@patternfly/react-core';
import { useMemo, useState, type ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { COPIES } from '../resources/copies.js';
import { CopyLines } from '../resources/copy-as.js';
import { useWasOpen } from '../shell/kept-form.js';
import { PageFrame } from '../shell/page-frame.js';
import { FIRST_PLACE } from '../shell/row-windows.js';
import { Nothing } from '../shell/states.js';
import { WindowedColumns } from '../shell/windowed-columns.js';
import { inWindow, windowsOf } from '../shell/windows-of.js';
import { RevokeTokenDialog } from './revoke-token-dialog.js';
import { TokenDialog, type TokenWish } from './token-dialog.js';
import { tokenColumns, TokenParts, type ShownToken } from './token-table.js';

const texts = messages.tokens;

const Tokens = graphql(
  `
    query Tokens($first: Int!, $after: String, $offset: Int) {
      apiTokens(first: $first, after: $after, offset: $offset) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...TokenParts
        }
      }
    }
  `,
  [TokenParts],
);

const CreateToken = graphql(
  `
    mutation CreateToken($input: CreateApiTokenInput!) {
      createApiToken(input: $input) {
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

type Role = 'VIEWER' | 'EDITOR' | 'ADMIN';
const ROLES: Readonly<Record<Role, string>> = { VIEWER: 'viewer', EDITOR: 'editor', ADMIN: 'admin' };

/** Tokens of programs and people: made, seen, revoked. */
export function TokensPage(): ReactNode {
  const client = useApolloClient();
  const [isMaking, setMaking] = useState(useWasOpen(FORM));
  const [toRevoke, setToRevoke] = useState<ShownToken | undefined>(undefined);
  const columns = useMemo(() => tokenColumns(setToRevoke), []);
  const again = (): void => void client.refetchQueries({ include: [Tokens] });
  // Who may read them may make them.
  const { page } = useTokens(FIRST_PLACE, false);
  const actions = (
    <>
      <CopyLines copies={COPIES.tokens} />
      {page === undefined ? null : <Button onClick={() => setMaking(true)}>{texts.create}</Button>}
    </>
  );
  return (
    <PageFrame title={texts.title} actions={actions}>
      <WindowedColumns
        label={texts.title}
        columns={columns}
        useRows={useTokens}
        keyOf={({ id }) => id}
        empty={<Nothing title={texts.none} />}
      />
      {isMaking ? <MakeDialog close={() => setMaking(false)} made={again} /> : null}
      {toRevoke === undefined ? null : (
        <RevokeTokenDialog token={toRevoke} close={() => setToRevoke(undefined)} revoked={again} />
      )}
    </PageFrame>
  );
}

const useTokens = windowsOf({ document: Tokens, at: inWindow, rowsIn: ({ apiTokens }) => apiTokens });

/** Under which name it is kept what is filled in. */
const FORM = 'token';

function MakeDialog({ close, made }: { close: () => void; made: () => void }): ReactNode {
  const [create, { data, error, loading }] = useMutation(CreateToken);
  const make = async (input: TokenWish<Role>): Promise<void> => {
    const { data: done } = await create({ variables: { input } });
    if (done?.createApiToken.ok) made();
  };
  return (
    <TokenDialog
      form={FORM}
      roles={ROLES}
      role="VIEWER"
      roleLabel={texts.role}
      answer={data?.createApiToken}
      error={error}
      isBusy={loading}
      close={close}
      make={(wish) => void make(wish)}
    />
  );
}
