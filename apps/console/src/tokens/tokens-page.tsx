import { useMutation, useQuery } from '@apollo/client/react';
import { Button } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { graphql } from '../connection/graphql.js';
import { RefusalParts } from '../issues/issue-parts.js';
import { messages } from '../messages/messages.js';
import { Pager } from '../resources/pager.js';
import { pageSearch } from '../search-params.js';
import { useAddress, useChangeAddress } from '../shell/address.js';
import { Asked } from '../shell/asked.js';
import { PageFrame } from '../shell/page-frame.js';
import { RevokeTokenDialog } from './revoke-token-dialog.js';
import { TokenDialog, type TokenWish } from './token-dialog.js';
import { TokenParts, TokenTable, type ShownToken } from './token-table.js';

const texts = messages.tokens;

const Tokens = graphql(
  `
    query Tokens($first: Int!, $after: String) {
      apiTokens(first: $first, after: $after) {
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
  const search = useAddress(pageSearch);
  const { after } = search;
  const change = useChangeAddress<typeof search>();
  const [isMaking, setMaking] = useState(false);
  const [toRevoke, setToRevoke] = useState<ShownToken | undefined>(undefined);
  const { data, error, refetch } = useQuery(Tokens, { variables: { first: 50, after: after ?? null } });
  const again = (): void => void refetch();
  return (
    <PageFrame title={texts.title} actions={<Button onClick={() => setMaking(true)}>{texts.create}</Button>}>
      <Asked data={data} error={error} again={again}>
        {({ apiTokens }) => (
          <>
            <TokenTable label={texts.title} tokens={apiTokens.nodes} revoke={setToRevoke} />
            <Pager page={apiTokens} isFirst={after === undefined} go={(to) => change({ after: to })} />
          </>
        )}
      </Asked>
      {isMaking ? <MakeDialog close={() => setMaking(false)} made={again} /> : null}
      {toRevoke === undefined ? null : (
        <RevokeTokenDialog token={toRevoke} close={() => setToRevoke(undefined)} revoked={again} />
      )}
    </PageFrame>
  );
}

function MakeDialog({ close, made }: { close: () => void; made: () => void }): ReactNode {
  const [create, { data, error, loading }] = useMutation(CreateToken);
  const make = async (input: TokenWish<Role>): Promise<void> => {
    const { data: done } = await create({ variables: { input } });
    if (done?.createApiToken.ok) made();
  };
  return (
    <TokenDialog
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
